import { expect, test } from 'vitest';
import { staggerMs } from '../../src/bot/stagger.ts';

test('ten join at once, all others half a second apart', () => {
  expect([0, 9, 10, 11, 129].map(staggerMs)).toEqual([0, 0, 500, 1000, 60_000]);
});
