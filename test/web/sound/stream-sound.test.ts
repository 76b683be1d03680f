import { describe, expect, test } from 'vitest';
import type { PodcastAnswer, Standing } from '../../../web/sound/podcast-poll.ts';
import type { SoundState } from '../../../web/sound/sound.ts';
import { StreamSound, type StreamElement } from '../../../web/sound/stream-sound.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { facts } from '../../support/scripted-facts.ts';

type ElementEvent = 'error' | 'ended' | 'pause';

/** An audio element that plays while its stream runs. */
class FakeElement implements StreamElement {
  src = '';
  volume = 1;
  muted = false;
  currentTime = 0;
  ended = false;
  /** Addresses that were begun. */
  readonly begun: string[] = [];
  refusal: Error | undefined;
  runs = true;
  readonly #listeners = new Map<ElementEvent, Set<() => void>>();

  async play(): Promise<void> {
    this.begun.push(this.src);
    this.currentTime = 0;
    if (this.refusal) throw this.refusal;
  }
  pause(): void {
    this.emit('pause');
  }
  load(): void {}
  removeAttribute(): void {
    this.src = '';
  }
  addEventListener(type: ElementEvent, listener: () => void): void {
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
  }
  removeEventListener(type: ElementEvent, listener: () => void): void {
    this.#listeners.get(type)?.delete(listener);
  }
  emit(type: ElementEvent): void {
    for (const listener of this.#listeners.get(type) ?? []) listener();
  }
}

interface Run {
  readonly element: FakeElement;
  readonly sound: StreamSound;
  readonly states: SoundState[];
  readonly seen: { paused: number; answer: PodcastAnswer };
  /** Lets time pass, in which what runs plays. */
  readonly pass: (seconds: number) => Promise<void>;
}

const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const LIVE: PodcastAnswer = { kind: 'facts', facts: facts(), aheadMs: 0 };

function run(podcast: Standing = 'live'): Run {
  const clock = new ManualClock();
  const element = new FakeElement();
  const states: SoundState[] = [];
  const seen: Run['seen'] = { paused: 0, answer: LIVE };
  const sound = new StreamSound({
    element,
    addresses: ['7/live.m3u8', '7/live.mp3'],
    ask: async () => seen.answer,
    podcast,
    events: { onState: (state) => states.push(state) },
    onPaused: () => {
      seen.paused += 1;
      sound.stop();
    },
    clock,
  });
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      if (element.src !== '' && element.runs) element.currentTime += 1;
      clock.advance(1000);
      await answered();
    }
  };
  return { element, sound, states, seen, pass };
}

describe('a stream', () => {
  test('is tried at one address after the other', async () => {
    const { element, sound, states, pass } = run();
    await sound.start();
    element.emit('error');
    await pass(4);
    expect(element.begun).toEqual(['7/live.m3u8', '7/live.mp3']);
    expect(states).toEqual(['connecting', 'reconnecting', 'playing']);
  });

  test.each([
    ['created', 'waiting'],
    ['live', 'playing'],
    ['interrupted', 'interrupted'],
  ] as const)('of a podcast that is %s is %s', async (state, expected) => {
    const { sound, states, seen, pass } = run();
    seen.answer = { kind: 'facts', facts: facts({ state }), aheadMs: 0 };
    await sound.start();
    await pass(2);
    expect(states).toEqual(['connecting', expected]);
  });

  test.each(['busy', 'unreachable'] as const)('stays what it was while its relay is %s', async (kind) => {
    const { sound, states, seen, pass } = run('created');
    seen.answer = { kind };
    await sound.start();
    await pass(20);
    expect(states).toEqual(['connecting', 'waiting']);
    seen.answer = LIVE;
    await pass(15);
    seen.answer = { kind };
    await pass(15);
    expect(states).toEqual(['connecting', 'waiting', 'playing']);
  });

  test('that fails comes back by itself, later each time', async () => {
    const { element, sound, states, pass } = run();
    await sound.start();
    await pass(2);
    element.refusal = new Error('a network that is down');
    element.emit('error');
    await pass(60);
    // After 1, 2, 4, 8, 15, 15 and 15 s.
    expect(element.begun).toHaveLength(8);
    expect(states).toEqual(['connecting', 'playing', 'reconnecting']);
    element.refusal = undefined;
    await pass(20);
    expect(states.at(-1)).toBe('playing');
  });

  test('that stalls for ten seconds is begun anew, at the live edge', async () => {
    const { element, sound, states, pass } = run();
    await sound.start();
    await pass(2);
    element.runs = false;
    await pass(9);
    expect(states.at(-1)).toBe('playing');
    await pass(4);
    expect(element.begun).toHaveLength(2);
    expect(states.at(-1)).toBe('reconnecting');
  });

  test('that ends because the show does has ended', async () => {
    const { element, sound, states, seen, pass } = run();
    await sound.start();
    await pass(2);
    seen.answer = { kind: 'over' };
    element.ended = true;
    element.pause();
    element.emit('ended');
    await answered();
    await pass(1);
    expect(states.at(-1)).toBe('ended');
    expect(seen.paused).toBe(0);
    await pass(60);
    expect(element.begun).toHaveLength(1);
  });

  test('of what is not there, or not any more, is refused', async () => {
    const { sound, states, seen, pass } = run();
    seen.answer = { kind: 'unknown' };
    await sound.start();
    await pass(1);
    expect(states).toEqual(['connecting', 'refused']);
  });

  test('that somebody else pauses is let go, and begins at the live edge when it is wanted again', async () => {
    const { element, sound, seen, pass } = run();
    await sound.start();
    await pass(2);
    element.pause();
    expect(seen.paused).toBe(1);
    expect(element.src).toBe('');
    await pass(60);
    expect(element.begun).toHaveLength(1);
    await sound.start();
    expect(element.begun).toHaveLength(2);
  });

  test('that the browser does not let play waits for the button', async () => {
    const { element, sound, seen, pass } = run();
    element.refusal = Object.assign(new Error('no gesture'), { name: 'NotAllowedError' });
    await sound.start();
    await pass(30);
    expect(seen.paused).toBe(1);
    expect(element.begun).toHaveLength(1);
  });

  test('asks the relay no more once it is stopped', async () => {
    const { element, sound, seen, states, pass } = run();
    await sound.start();
    sound.stop();
    seen.answer = { kind: 'over' };
    await pass(60);
    expect(states).toEqual(['connecting']);
    expect(element.begun).toHaveLength(1);
  });
});

test('volume is what the ear hears of it', () => {
  const { element, sound } = run();
  sound.setVolume(0.5);
  expect(element.volume).toBe(0.25);
  sound.setVolume(7);
  expect(element.volume).toBe(1);
  expect(element.muted).toBe(false);
});

test('no volume is silence, also where the volume of an element cannot be set', () => {
  const { element, sound } = run();
  Object.defineProperty(element, 'volume', { get: () => 1, set() {} });
  sound.setVolume(0);
  expect(element.muted).toBe(true);
  sound.setVolume(0.1);
  expect(element.muted).toBe(false);
});
