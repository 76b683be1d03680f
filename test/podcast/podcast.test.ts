import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activeSinceMs,
  admits,
  end,
  goLive,
  interrupt,
  isResumeToken,
  overdue,
  type PodcastState,
  resume,
} from '../../src/podcast/podcast.ts';
import { Roster } from '../../src/podcast/roster.ts';
import { CLOSE } from '../../src/protocol/close-codes.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';

const CREATED = { name: 'created', deadlineMs: 60_000 } as const;

describe('the life of a podcast', () => {
  test('goes from created to live to interrupted and back, and keeps since when it is on air', () => {
    const live = goLive(CREATED, 1000);
    expect(live).toEqual({ name: 'live', activeSinceMs: 1000 });
    const interrupted = interrupt(live, 5000, 30);
    expect(interrupted).toEqual({ name: 'interrupted', activeSinceMs: 1000, deadlineMs: 35_000 });
    expect(resume(interrupted)).toEqual(live);
    expect(end(live, CLOSE.senderDisconnected)).toEqual({ name: 'ended', close: CLOSE.senderDisconnected });
  });

  test.each<[string, PodcastState, number, unknown]>([
    ['created, in time', CREATED, 59_999, undefined],
    ['created, at its deadline', CREATED, 60_000, CLOSE.senderTimeout],
    ['live, for ever', { name: 'live', activeSinceMs: 0 }, 1e15, undefined],
    ['interrupted, in time', { name: 'interrupted', activeSinceMs: 0, deadlineMs: 9 }, 8, undefined],
    [
      'interrupted, late',
      { name: 'interrupted', activeSinceMs: 0, deadlineMs: 9 },
      9,
      CLOSE.senderDisconnected,
    ],
    ['ended', { name: 'ended', close: CLOSE.goingAway }, 1e15, undefined],
  ])('is overdue or not: %s', (_, state, nowMs, close) => {
    expect(overdue(state, nowMs)).toBe(close);
  });

  test('is on air since its first sender came, also while that is away', () => {
    const live = goLive(CREATED, 7);
    expect(activeSinceMs(CREATED)).toBeNull();
    expect(activeSinceMs(live)).toBe(7);
    expect(activeSinceMs(interrupt(live, 9, 30))).toBe(7);
    expect(activeSinceMs(end(live, CLOSE.senderDisconnected))).toBeNull();
  });
});

describe('who may open a podcast', () => {
  const roster = new Roster(DEFAULT_LIMITS, 60);
  const open = roster.add('1', { title: '', description: '', guild: '', visibility: 'unlisted' }, 0);
  const hidden = roster.add('1', { title: '', description: '', guild: '', visibility: 'private' }, 0);

  test('anyone, when it is not private', () => {
    expect(open.listenKey).toBeUndefined();
    expect(admits(open, undefined)).toBe(true);
    expect(admits(open, 'some key')).toBe(true);
  });

  test('whoever holds its key, when it is', () => {
    expect(admits(hidden, hidden.listenKey)).toBe(true);
    expect(admits(hidden, undefined)).toBe(false);
    fc.assert(fc.property(fc.string(), (key) => !admits(hidden, key)));
  });

  test('its resume token, and no other, brings its host back', () => {
    expect(isResumeToken(open, open.resumeToken)).toBe(true);
    expect(isResumeToken(open, hidden.resumeToken)).toBe(false);
    fc.assert(fc.property(fc.string(), (token) => !isResumeToken(open, token)));
  });
});
