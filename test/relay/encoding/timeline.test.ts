import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Timeline } from '../../../src/relay/encoding/timeline.ts';

const FRAME_MS = 20;
const FRAME_SAMPLES = 960;
const HOUR_FRAMES = 180_000;

/** A timeline that begins at 0; frames are told by one number, and silence is −1. */
function makeTimeline(startMs = 0) {
  const given: number[] = [];
  const timeline = new Timeline(startMs, (opus) => given.push(opus ? numberOf(opus) : -1));
  /** @param frame its number in the stream, and so its RTP time */
  const receive = (frame: number, atMs: number, ssrc = 5): boolean =>
    timeline.receive({ ssrc, timestamp: (0xffff_f000 + frame * FRAME_SAMPLES) >>> 0 }, opusOf(frame), atMs);
  return { timeline, given, receive };
}

function opusOf(frame: number): Uint8Array {
  const opus = new Uint8Array(5);
  new DataView(opus.buffer).setUint32(1, frame);
  return opus;
}

function numberOf(opus: Uint8Array): number {
  return new DataView(opus.buffer).getUint32(1);
}

function silence(count: number): number[] {
  return Array.from({ length: count }, () => -1);
}

/** @param from first @param to last */
function frames(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe('a timeline', () => {
  test('gives each frame at once, also when RTP time wraps', () => {
    const { given, receive } = makeTimeline();
    for (let frame = 0; frame < 10; frame += 1) {
      expect(receive(frame, 3 + frame * FRAME_MS)).toBe(true);
      expect(given).toEqual(frames(0, frame));
    }
  });

  test('is silent in the pace of the clock before anything comes, never 0.3 s behind it', () => {
    const { timeline, given } = makeTimeline(1000);
    for (let nowMs = 1000; nowMs <= 20_000; nowMs = Math.max(nowMs + 1, timeline.dueMs)) {
      timeline.advance(nowMs);
      const due = (nowMs - 1000) / FRAME_MS;
      expect(due - given.length).toBeGreaterThanOrEqual(0);
      expect(due - given.length).toBeLessThan(15);
    }
    expect(new Set(given)).toEqual(new Set([-1]));
    expect(timeline.silent).toBe(given.length);
  });

  test('fills what is missing, and goes on in its place', () => {
    const { given, receive } = makeTimeline();
    receive(0, 0);
    receive(7, 140);
    receive(8, 160);
    expect(given).toEqual([0, ...silence(6), 7, 8]);
  });

  test('has nothing twice, and nothing that comes after its turn', () => {
    const { timeline, given, receive } = makeTimeline();
    receive(0, 0);
    receive(1, 20);
    expect(receive(1, 20)).toBe(false);
    timeline.advance(500);
    const filled = given.length;
    expect([receive(2, 500), receive(filled - 1, 500), receive(filled, 500)]).toEqual([false, false, true]);
    expect(given).toEqual([0, 1, ...silence(filled - 2), filled]);
  });

  test('loses nothing of a stream that jitters by less than 200 ms, and makes up nothing', () => {
    const jitterMs = fc.array(fc.integer({ min: 0, max: 199 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(jitterMs, (jitters) => {
        const { timeline, given, receive } = makeTimeline();
        let atMs = 0;
        for (const [frame, late] of jitters.entries()) {
          // What came before comes before, as messages do.
          atMs = Math.max(atMs, frame * FRAME_MS + late);
          while (timeline.dueMs <= atMs) timeline.advance(timeline.dueMs);
          expect(receive(frame, atMs)).toBe(true);
        }
        expect(given.filter((frame) => frame >= 0)).toEqual(frames(0, jitters.length - 1));
        // Before the first one there may be silence, and afterwards none.
        expect(given.indexOf(0)).toBe(given.length - jitters.length);
      }),
    );
  });

  test('neither drifts from the clock nor has a gap within an hour, whatever is missing', () => {
    const { timeline, given, receive } = makeTimeline();
    let seed = 1;
    const chance = (): number => (seed = (seed * 48_271) % 0x7fff_ffff) / 0x7fff_ffff;
    let ssrc = 5;
    let taken = 0;
    for (let frame = 0; frame < HOUR_FRAMES; frame += 1) {
      const nowMs = frame * FRAME_MS + 4 * chance();
      while (timeline.dueMs <= nowMs) timeline.advance(timeline.dueMs);
      // Away for a minute in every ten, now and then a frame lost, and twice another thread.
      if (frame % 30_000 < 3000 || chance() < 0.01) continue;
      if (frame === 60_000 || frame === 120_000) ssrc += 1;
      if (receive(frame, nowMs, ssrc)) taken += 1;
      expect(Math.abs(given.length - frame)).toBeLessThanOrEqual(2);
    }
    expect(given.filter((frame) => frame >= 0)).toHaveLength(taken);
    expect(taken).toBeGreaterThan(HOUR_FRAMES * 0.88);
    expect(Math.abs(given.length - HOUR_FRAMES)).toBeLessThan(3);
  });

  test('puts another stream where the clock is', () => {
    const { timeline, given, receive } = makeTimeline();
    receive(0, 0);
    expect(timeline.knows(6)).toBe(false);
    receive(1_000_000, 1000, 6);
    expect(timeline.knows(6)).toBe(true);
    receive(1_000_001, 1020, 6);
    expect(given).toEqual([0, ...silence(49), 1_000_000, 1_000_001]);
  });

  test('never makes hours of silence for a stream that jumps', () => {
    const { given, receive } = makeTimeline();
    receive(0, 0);
    receive(900_000, 20);
    receive(900_001, 40);
    expect(given).toEqual([0, 900_000, 900_001]);
  });

  test('gives a stream another place that comes too late all the time', () => {
    const { given, receive } = makeTimeline();
    receive(0, 0);
    receive(1000, 20_000, 6);
    const late = Array.from({ length: 30 }, (_, index) => receive(900 + index, 20_020 + index * 20, 6));
    expect(late).toEqual([...late.slice(0, 25).map(() => false), true, true, true, true, true]);
    expect(given.slice(-5)).toEqual(frames(925, 929));
  });

  test('does not make up for a thread that stood still for more than 10 s', () => {
    const { timeline, given, receive } = makeTimeline();
    receive(0, 0);
    timeline.advance(3_600_000);
    expect(given.length).toBeLessThan(20);
    expect(timeline.skipped + given.length).toBeGreaterThan(HOUR_FRAMES - 20);
    receive(HOUR_FRAMES, 3_600_000);
    receive(HOUR_FRAMES + 1, 3_600_020);
    expect(given.slice(-2)).toEqual([HOUR_FRAMES, HOUR_FRAMES + 1]);
  });
});
