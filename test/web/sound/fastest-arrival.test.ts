import { expect, test } from 'vitest';
import { FastestArrival } from '../../../web/sound/fastest-arrival.ts';

test('a packet that was kept counts from when it could have come', () => {
  const arrival = new FastestArrival();
  expect(arrival.of(1, 0, 1000)).toBe(1000);
  expect(arrival.of(1, 960, 1080)).toBe(1020);
  expect(arrival.of(1, 1920, 1035)).toBe(1035);
  expect(arrival.of(1, 2880, 1100)).toBe(1055);
  expect(arrival.of(2, 7, 1100)).toBe(1100);
});

test('a time line that begins anew is compared with itself', () => {
  const arrival = new FastestArrival();
  arrival.of(1, 0, 1000);
  expect(arrival.of(1, 2 ** 31, 1020)).toBe(1020);
  expect(arrival.of(1, 2 ** 31 + 960, 1050)).toBe(1040);
});

test('a clock that goes faster is followed', () => {
  const arrival = new FastestArrival();
  let last = 0;
  for (let index = 0; index < 20_000; index += 1) {
    const arrivedMs = 1000 + index * 20.02;
    last = arrivedMs - arrival.of(1, index * 960, arrivedMs);
  }
  expect(last).toBeLessThan(11);
});
