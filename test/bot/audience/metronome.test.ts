import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Metronome } from '../../../src/bot/audience/metronome.ts';

const logLines: string[] = [];
const log = pino({}, { write: (line: string) => void logLines.push(line) });

beforeEach(() => {
  logLines.length = 0;

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Beats are due 20 ms apart from the first one on. */
function offsets(beats: readonly number[]): number[] {
  return beats.map((dueMs) => dueMs - beats[0]!);
}

test('a beat is due every 20 ms, and none is ever later for those before it', () => {
  const beats: number[] = [];
  const metronome = new Metronome(log);
  const end = metronome.follow((dueMs) => beats.push(dueMs));
  vi.advanceTimersByTime(600_000);
  end();
  expect(beats).toHaveLength(30_000);
  expect(offsets(beats).at(-1)).toBeCloseTo(29_999 * 20, 3);
});

test('what is late is made up for at once, and stays due when it was', () => {
  const beats: number[] = [];
  const end = new Metronome(log).follow((dueMs) => beats.push(dueMs));
  vi.advanceTimersByTime(20);
  standStill(100);
  vi.advanceTimersByTime(20);
  end();
  expect(offsets(beats)).toEqual([0, 20, 40, 60, 80, 100, 120].slice(0, beats.length));
  expect(beats.length).toBeGreaterThanOrEqual(6);
});

test('a process that stood still goes on from now: what it missed is not played in a burst', () => {
  const beats: number[] = [];
  const end = new Metronome(log).follow((dueMs) => beats.push(dueMs));
  vi.advanceTimersByTime(100);
  standStill(5000);
  vi.advanceTimersByTime(100);
  end();
  expect(beats.length).toBeLessThan(15);
});

test('no timer runs while nobody follows', () => {
  const metronome = new Metronome(log);
  const [one, other] = [metronome.follow(() => {}), metronome.follow(() => {})];
  one();
  expect(vi.getTimerCount()).toBe(1);
  other();
  expect(vi.getTimerCount()).toBe(0);
  metronome.follow(() => {})();
  expect(vi.getTimerCount()).toBe(0);
});

test('who ends it while it beats hears no more, and the others do', () => {
  const metronome = new Metronome(log);
  let heard = 0;
  const end = metronome.follow(() => {
    heard += 1;
    end();
  });
  let others = 0;
  const endOther = metronome.follow(() => (others += 1));
  vi.advanceTimersByTime(200);
  endOther();
  expect([heard, others]).toEqual([1, 10]);
});

test('who throws holds up nobody, hears the next beat all the same, and is logged once', () => {
  const metronome = new Metronome(log);
  let [broken, others] = [0, 0];
  const ends = [
    metronome.follow(() => {
      broken += 1;
      throw new Error('broken');
    }),
    metronome.follow(() => (others += 1)),
  ];
  vi.advanceTimersByTime(200);
  for (const end of ends) end();
  expect([broken, others]).toEqual([10, 10]);
  expect(logLines).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

/** Time passes and no timer fires meanwhile. */
function standStill(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}
