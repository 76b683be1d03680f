import { expect, test } from 'vitest';
import { backoffMs } from '../../src/protocol/backoff.ts';

test('waits longer each time, up to five seconds, never less than half of that', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoffMs(attempt, 1))).toEqual([
    250, 500, 1000, 2000, 4000, 5000, 5000, 5000,
  ]);
  expect([0, 6].map((attempt) => backoffMs(attempt, 0))).toEqual([125, 2500]);
});
