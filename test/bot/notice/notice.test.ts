import { readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { opusDurationMs } from '../../../src/audio/opus-packet.ts';
import { NoticePlayer, type NoticeVoice } from '../../../src/bot/notice/notice-player.ts';
import { noticeFrames } from '../../../src/bot/notice/notice-speech.ts';
import { CATALOGUES } from '../../../src/texts/languages.ts';
import { ManualClock } from '../../support/manual-clock.ts';

describe('the spoken notice', () => {
  test.each(Object.entries(CATALOGUES))('is there in %s, in frames of 20 ms', async (_, { onAir }) => {
    const frames = await noticeFrames(onAir.language);
    expect(frames.length).toBeGreaterThan(200);
    expect(frames.length).toBeLessThan(400);
    expect(new Set(frames.map(opusDurationMs))).toEqual(new Set([20]));
    expect(await noticeFrames(onAir.language)).toBe(frames);
  });

  test('is small', () => {
    const folder = new URL('../../../src/bot/notice/speech/', import.meta.url);
    const sizes = readdirSync(folder).map((file) => statSync(new URL(file, folder)).size);
    expect(sizes).toHaveLength(5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000);
  });
});

const FRAMES = Array.from({ length: 50 }, (_, index) => Buffer.of(index));
const START_MS = 1_000_000;

class Voice implements NoticeVoice {
  canBeHeard = true;
  readonly sent: { readonly frame: number; readonly atMs: number }[] = [];
  rests = 0;

  send(opus: Buffer, nowMs: number): void {
    this.sent.push({ frame: opus[0] ?? -1, atMs: nowMs - START_MS });
  }

  rest(): void {
    this.rests += 1;
  }
}

function play(voice: Voice): { clock: ManualClock; player: NoticePlayer } {
  const clock = new ManualClock(START_MS);
  return { clock, player: new NoticePlayer({ frames: FRAMES, clock, voice: () => voice }) };
}

describe('a notice is played', () => {
  test('one frame every 20 ms, and ends there', () => {
    const voice = new Voice();
    const { clock } = play(voice);
    clock.advance(5000);
    expect(voice.sent).toEqual(FRAMES.map((_, frame) => ({ frame, atMs: frame * 20 })));
    expect(voice.rests).toBe(1);
    expect(clock.timers).toBe(0);
  });

  test('from its beginning once it can be heard', () => {
    const voice = new Voice();
    voice.canBeHeard = false;
    const { clock } = play(voice);
    clock.advance(1000);
    expect(voice.sent).toEqual([]);
    voice.canBeHeard = true;
    clock.advance(5000);
    expect(voice.sent.map(({ frame }) => frame)).toEqual(FRAMES.map((_, frame) => frame));
    expect(voice.sent[0]?.atMs).toBe(1020);
  });

  test('not at all where it cannot be heard for long', () => {
    const voice = new Voice();
    voice.canBeHeard = false;
    const { clock } = play(voice);
    clock.advance(11_000);
    expect(clock.timers).toBe(0);
    expect(voice.sent).toEqual([]);
  });

  test('at the right place after being held up, and not in a rush', () => {
    const voice = new Voice();
    const clock = new ManualClock(START_MS);
    const timers: (() => void)[] = [];
    const held = { nowMs: clock.nowMs, after: (_: number, task: () => void) => void timers.push(task) };
    const player = new NoticePlayer({ frames: FRAMES, clock: held, voice: () => voice });
    clock.advance(400);
    timers.shift()?.();
    player.stop();
    expect(voice.sent.map(({ frame }) => frame)).toEqual([0, 16, 17, 18, 19, 20]);
  });

  test('until it is stopped', () => {
    const voice = new Voice();
    const { clock, player } = play(voice);
    clock.advance(100);
    player.stop();
    clock.advance(1000);
    expect(voice.sent).toHaveLength(6);
    expect(clock.timers).toBe(0);
  });
});
