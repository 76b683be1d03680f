import { expect, test } from 'vitest';
import { type RandomBytes, Roster } from '../../src/podcast/roster.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';

const ABOUT = { title: 'T', description: 'D', guild: 'G', visibility: 'private' } as const;

/** Ids as told; everything else zero. */
function drawing(...ids: number[]): RandomBytes {
  return (length) => {
    const bytes = new Uint8Array(length);
    if (length === 4) new DataView(bytes.buffer).setUint32(0, ids.shift() ?? 0);
    return bytes;
  };
}

test('an id is from 1 to 2³¹−1 and never one that is in use', () => {
  const roster = new Roster(DEFAULT_LIMITS, 60, drawing(0xffffffff, 0, 0x80000000, 0x7fffffff, 5));
  expect(roster.add('1', ABOUT, 0).id).toBe(0x7fffffff);
  expect(roster.add('1', ABOUT, 0).id).toBe(5);
});

test('an id may come again when its podcast is gone', () => {
  const roster = new Roster(DEFAULT_LIMITS, 60, drawing(5, 5));
  roster.remove(roster.add('1', ABOUT, 0));
  expect(roster.add('1', ABOUT, 0).id).toBe(5);
});

test('a new podcast waits for its sender until its deadline, with a key and tokens of full length', () => {
  const podcast = new Roster(DEFAULT_LIMITS, 60).add('42', ABOUT, 1000);
  expect(podcast).toMatchObject({ host: '42', about: ABOUT, state: { name: 'created', deadlineMs: 61_000 } });
  expect(podcast.key).toHaveLength(32);
  expect(Buffer.from(String(podcast.listenKey), 'hex')).toHaveLength(16);
  expect(Buffer.from(podcast.resumeToken, 'hex')).toHaveLength(32);
});

test('no two podcasts share a key or a token', () => {
  const roster = new Roster(DEFAULT_LIMITS, 60);
  const [one, two] = [roster.add('1', ABOUT, 0), roster.add('1', ABOUT, 0)];
  expect(one.key).not.toEqual(two.key);
  expect(one.listenKey).not.toBe(two.listenKey);
  expect(one.resumeToken).not.toBe(two.resumeToken);
});

test('an account and the relay have no more podcasts than they may, and again some when one is gone', () => {
  const roster = new Roster({ ...DEFAULT_LIMITS, PODCASTS_PER_ACCOUNT: 2, PODCASTS_PER_RELAY: 3 }, 60);
  const first = roster.add('1', ABOUT, 0);
  roster.add('1', ABOUT, 0);
  expect(() => roster.add('1', ABOUT, 0)).toThrow('This account has 2 podcasts: that is the most.');
  roster.add('2', ABOUT, 0);
  expect(() => roster.add('3', ABOUT, 0)).toThrow('This relay has 3 podcasts: that is the most.');
  roster.remove(first);
  expect(roster.add('1', ABOUT, 0).host).toBe('1');
});
