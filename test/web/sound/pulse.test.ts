import { expect, test } from 'vitest';
import { Pulse } from '../../../web/sound/pulse.ts';

/** When it asks within a time in which the relay is heard every 20 ms, or not at all; it ticks twice a second. */
function asked(pulse: Pulse, fromMs: number, toMs: number, isHeard: boolean): number[] {
  const times: number[] = [];
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 500) {
    if (pulse.isDue(nowMs, isHeard ? nowMs - 20 : fromMs)) times.push(nowMs);
  }
  return times;
}

test('how far away the relay is, is asked four times, then once a minute', () => {
  const times = asked(new Pulse(), 0, 200_000, true);
  expect(times).toEqual([0, 2000, 4000, 6000, 66_000, 126_000, 186_000]);
});

test('a relay that says nothing is asked every ten seconds whether it is there', () => {
  const pulse = new Pulse();
  asked(pulse, 0, 10_000, true);
  expect(asked(pulse, 10_000, 50_000, false)).toEqual([20_000, 30_000, 40_000]);
});

test('a clock that stood for longer than a busy page lets it has slept', () => {
  const pulse = new Pulse();
  expect([1000, 1500, 3500, 4000].map((nowMs) => pulse.hasSlept(nowMs))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(pulse.hasSlept(9000)).toBe(true);
  expect(pulse.hasSlept(9500)).toBe(false);
});

test('a connection that is silent for longer than a living one can be is dead', () => {
  const pulse = new Pulse();
  expect(pulse.isDead(100_000, 60_000)).toBe(false);
  expect(pulse.isDead(100_000, 54_000)).toBe(true);
});
