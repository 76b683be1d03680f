import { expect, test } from 'vitest';
import { Remembered } from '../../../web/page/remembered.ts';

function memory(entries: Record<string, string> = {}): {
  getItem: (name: string) => string | null;
  setItem: (name: string, value: string) => void;
} {
  const kept = new Map(Object.entries(entries));
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

test('volume and keys are remembered from one visit to the next', () => {
  const kept = memory();
  const visit = new Remembered(() => kept);
  expect([visit.volumePercent, visit.keys]).toEqual([100, true]);
  visit.volumePercent = 35;
  visit.keys = false;
  const nextVisit = new Remembered(() => kept);
  expect([nextVisit.volumePercent, nextVisit.keys]).toEqual([35, false]);
});

test.each(['', 'loud', '-1', '101', 'NaN'])(
  'a volume of %j that somebody else left there is not taken',
  (volume) => {
    expect([0, 100]).toContain(new Remembered(() => memory({ 'guildcast.volume': volume })).volumePercent);
  },
);

test('where a browser allows no memory nothing fails', () => {
  const visit = new Remembered(() => {
    throw new Error('SecurityError');
  });
  visit.volumePercent = 35;
  expect([visit.volumePercent, visit.keys]).toEqual([100, true]);
});
