import { expect, test } from 'vitest';
import { Rate } from '../../src/relay/rate.ts';

function taken(rate: Rate, tries: number, nowMs: number): number {
  return Array.from({ length: tries }, () => rate.take(nowMs)).filter(Boolean).length;
}

test('two seconds of messages may come at once, then so many a second', () => {
  const rate = new Rate(50);
  expect(taken(rate, 200, 0)).toBe(100);
  expect(taken(rate, 200, 1000)).toBe(50);
  expect(taken(rate, 200, 1100)).toBe(5);
});

test('a pause earns no more than two seconds', () => {
  const rate = new Rate(50);
  taken(rate, 100, 0);
  expect(taken(rate, 500, 3_600_000)).toBe(100);
});

test('who keeps to the rate is never refused', () => {
  const rate = new Rate(50);
  for (let packet = 0; packet < 10_000; packet++) expect(rate.take(packet * 20)).toBe(true);
});
