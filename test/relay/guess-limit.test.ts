import { describe, expect, test } from 'vitest';
import { GuessLimit } from '../../src/relay/guess-limit.ts';
import { ManualClock } from '../support/manual-clock.ts';

const HOUR_MS = 3_600_000;

describe('an address that was right about a podcast', () => {
  test('knows this one for an hour, and each time anew; no other address does', () => {
    const clock = new ManualClock();
    const guesses = new GuessLimit(3, clock);
    guesses.wasRight('2001:db8::1', 7);
    clock.advance(HOUR_MS - 1);
    expect(guesses.knows('2001:db8::2', 7)).toBe(true);
    guesses.wasRight('2001:db8::1', 7);
    clock.advance(HOUR_MS - 1);
    expect(guesses.knows('2001:db8::1', 7)).toBe(true);
    expect(guesses.knows('2001:db8::1', 8)).toBe(false);
    expect(guesses.knows('2001:db8:0:1::1', 7)).toBe(false);
    clock.advance(1);
    expect(guesses.knows('2001:db8::1', 7)).toBe(false);
  });

  test('is one of 10,000; whoever was right longest ago is forgotten', () => {
    const guesses = new GuessLimit(3, new ManualClock());
    guesses.wasRight('203.0.113.1', 1);
    guesses.wasRight('203.0.113.1', 2);
    guesses.wasRight('203.0.113.1', 1);
    for (let id = 3; id <= 10_001; id += 1) guesses.wasRight('203.0.113.1', id);
    expect(guesses.knows('203.0.113.1', 1)).toBe(true);
    expect(guesses.knows('203.0.113.1', 2)).toBe(false);
  });
});
