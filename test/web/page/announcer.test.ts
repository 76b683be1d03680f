import { expect, test } from 'vitest';
import { Announcer } from '../../../web/page/announcer.ts';

test('what comes to stay is said once, and what is gone within a second is not', () => {
  const announcer = new Announcer();
  const offers: [string, number][] = [
    ['', 0],
    ['Connecting', 5000],
    ['Listening', 5300],
    ['Listening', 6200],
    ['Listening', 6300],
    ['Listening', 9000],
    ['Lost', 10_000],
    ['Listening', 10_500],
    ['Listening', 12_000],
  ];
  expect(offers.map(([text, nowMs]) => announcer.offer(text, nowMs))).toEqual([
    ...Array.from({ length: 4 }, () => undefined),
    'Listening',
    ...Array.from({ length: 4 }, () => undefined),
  ]);
});
