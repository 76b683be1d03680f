import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openPodcastStore } from '../../src/relay/podcast-store.ts';

const STORAGE_KEY = new Uint8Array(32).fill(7);

test('a podcast goes on out of a file of a version that knew of no guilds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podcasts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'podcasts.db');
  const about = { title: 'T', description: '', guild: 'Knitters', visibility: 'public' } as const;
  const kept = { id: 7, host: '1', about, key: new Uint8Array(32), listenKey: undefined, resumeToken: '' };
  const before = openPodcastStore(path, STORAGE_KEY);
  before.put({ ...kept, activeSinceMs: 1, lastLiveMs: 2 });
  before.close();
  const file = new DatabaseSync(path);
  file.exec('ALTER TABLE podcasts DROP COLUMN guild');
  file.close();

  const store = openPodcastStore(path, STORAGE_KEY);
  expect(store.load().podcasts).toMatchObject([{ id: 7, about: { title: 'T', guild: '' } }]);
  store.put({ ...kept, activeSinceMs: 1, lastLiveMs: 2 });
  store.close();
  const next = openPodcastStore(path, STORAGE_KEY);
  onTestFinished(() => {
    next.close();
  });
  expect(next.load().podcasts).toMatchObject([{ id: 7, about }]);
});
