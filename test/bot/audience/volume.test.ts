import { describe, expect, test } from 'vitest';
import { MOST_VOLUMES, isAffordable, volumeStep } from '../../../src/bot/audience/volume.ts';

test.each([
  [100, 100],
  [10, 10],
  [200, 200],
  [14, 10],
  [15, 20],
  [148, 150],
  [0, 10],
  [1000, 200],
])('%i % is played at %i %', (percent, step) => {
  expect(volumeStep(percent)).toBe(step);
});

describe('when as many volumes are in use as there may be', () => {
  const inUse = Array.from({ length: MOST_VOLUMES }, (_, podcastId) => ({ podcastId, percent: 50 }));

  test('another one is too many', () => {
    expect(isAffordable(inUse, { podcastId: 0, percent: 60 })).toBe(false);
    expect(isAffordable(inUse, { podcastId: 4711, percent: 50 })).toBe(false);
  });

  test('one that somebody has already costs nothing more, nor does a podcast as it was sent', () => {
    expect(isAffordable(inUse, { podcastId: 3, percent: 50 })).toBe(true);
    expect(isAffordable(inUse, { podcastId: 4711, percent: 100 })).toBe(true);
  });

  test('any number of guilds that share them count as one', () => {
    const shared = [...inUse.slice(1), ...inUse.slice(1), { podcastId: 9999, percent: 100 }];
    expect(isAffordable(shared, { podcastId: 4711, percent: 50 })).toBe(true);
  });
});
