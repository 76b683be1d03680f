import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { Podcast } from '../../src/podcast/podcast.ts';
import { ReplayWindow } from '../../src/protocol/replay-window.ts';
import { PodcastKeeper } from '../../src/relay/podcast-keeper.ts';
import { type PodcastStore, openPodcastStore } from '../../src/relay/podcast-store.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MINUTE_MS = 60_000;

const LIVE: Podcast = {
  id: 7,
  host: '1',
  about: { title: '', description: '', guild: '', visibility: 'public' },
  key: new Uint8Array(32),
  listenKey: undefined,
  resumeToken: '',
  replay: new ReplayWindow(64),
  state: { name: 'live', activeSinceMs: 0 },
};

function memoryStore(): PodcastStore {
  const store = openPodcastStore(':memory:', new Uint8Array(32));
  onTestFinished(() => {
    store.close();
  });
  return store;
}

test.each([
  [9, [7]],
  [11, []],
])('%i minutes after it was last noted to be on air, which is each minute: %j goes on', (minutes, ids) => {
  const store = memoryStore();
  const clock = new ManualClock();
  const log = pino({ level: 'silent' });
  const keeper = new PodcastKeeper({ store, clock, log });
  keeper.begin();
  keeper.note(LIVE);
  clock.advance(30 * MINUTE_MS);
  const later = new ManualClock(clock.nowMs() + minutes * MINUTE_MS);
  const next = new PodcastKeeper({ store, clock: later, log });
  expect(next.restore().map(({ id }) => id)).toEqual(ids);
  next.begin();
  expect(store.load().podcasts.map(({ id }) => id)).toEqual(ids);
});

test('a podcast goes on though the machine had slept for an hour, which the time of the process does not know of', () => {
  const store = memoryStore();
  const clock = new ManualClock();
  const log = pino({ level: 'silent' });
  const keeper = new PodcastKeeper({ store, clock, log });
  keeper.begin();
  keeper.note(LIVE);
  clock.wallAheadMs = 60 * MINUTE_MS;
  clock.advance(MINUTE_MS);
  const afterwards = new ManualClock(clock.wallMs() + MINUTE_MS);
  const next = new PodcastKeeper({ store, clock: afterwards, log });
  expect(next.restore()).toHaveLength(1);
});

test('a podcast goes on though the clock of the machine was put back, and is over in time all the same', () => {
  const store = memoryStore();
  const clock = new ManualClock();
  const log = pino({ level: 'silent' });
  clock.wallAheadMs = 365 * 24 * 60 * MINUTE_MS;
  new PodcastKeeper({ store, clock, log }).note(LIVE);
  clock.wallAheadMs = 0;
  const second = new PodcastKeeper({ store, clock, log });
  expect(second.restore()).toHaveLength(1);
  second.begin();
  const later = new ManualClock(clock.nowMs() + 11 * MINUTE_MS);
  expect(new PodcastKeeper({ store, clock: later, log }).restore()).toEqual([]);
});
