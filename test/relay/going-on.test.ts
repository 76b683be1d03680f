import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PodcastStore, openPodcastStore } from '../../src/relay/podcast-store.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { NaiveClient, accountHeaders, call, makePodcast } from '../support/naive-client.ts';
import { type TestRelay, startTestRelay } from '../support/test-relay.ts';
import { udpHost, udpListener } from '../support/udp-on-air.ts';

const STORAGE_KEY = new Uint8Array(32).fill(7);
const MINUTE_MS = 60_000;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'podcasts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function openStore(folder: string, key: Uint8Array = STORAGE_KEY): PodcastStore {
  const store = openPodcastStore(join(folder, 'podcasts.db'), key);
  onTestFinished(() => {
    store.close();
  });
  return store;
}

interface OnAir {
  readonly relay: TestRelay;
  readonly headers: Record<string, string>;
  readonly podcast: Awaited<ReturnType<typeof makePodcast>>;
  readonly host: NaiveClient;
  readonly token: string;
}

/** A relay over this store, with a podcast that is on air on it. */
async function onAir(
  podcastStore: PodcastStore | undefined,
  about = {},
  clock = new ManualClock(),
): Promise<OnAir> {
  const relay = await startTestRelay({ podcastStore, clock });
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const podcast = await makePodcast(relay.url, headers, about);
  const host = hostOn(relay, podcast.id, headers);
  const { resume_token: token } = await host.hello;
  return { relay, headers, podcast, host, token: String(token) };
}

function hostOn(relay: TestRelay, id: number, headers: Record<string, string>, query = ''): NaiveClient {
  return new NaiveClient(`${relay.socketUrl}/?id=${id}&events=all${query}`, { ...headers, isSender: 'true' });
}

/** The next relay over the same store, in which the same account is. */
async function restarted({ relay }: OnAir, podcastStore: PodcastStore): Promise<TestRelay> {
  const { accounts, clock } = relay;
  const next = await startTestRelay({ podcastStore, clock, accounts });
  return { ...next, account: relay.account };
}

async function isThere(relay: TestRelay, id: number): Promise<boolean> {
  return (await call(`${relay.url}/podcast?id=${id}`, 'GET')).status === 200;
}

describe('a podcast over a drain of its relay', () => {
  test('has the same id, key, resume token and words, and its host comes back by its account', async () => {
    const store = openStore(temporaryFolder());
    const about = {
      title: 'The round table',
      description: 'Tuesdays.',
      guild: 'Knitters',
      visibility: 'unlisted',
    };
    const before = await onAir(store, about);
    const { hello } = before.host;
    await before.relay.close();
    expect((await before.host.ending).code).toBe(4010);

    const relay = await restarted(before, store);
    const { id } = before.podcast;
    const listener = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
    expect((await listener.hello).secretKey).toEqual((await hello).secretKey);
    const host = hostOn(relay, id, before.headers);
    expect(await host.hello).toMatchObject({
      secretKey: (await hello).secretKey,
      resume_token: before.token,
      podcast_id: id,
    });
    host.sendFrame(Buffer.from('and on it goes'));
    await listener.heard(1);
    expect(listener.frames()).toEqual(['and on it goes']);
    const { body } = await call(`${relay.url}/podcast?id=${id}`, 'GET');
    expect(body).toMatchObject({ ...about, host: before.relay.account.id, active_since: expect.any(Number) });
  });

  test('comes back by the resume token as well', async () => {
    const store = openStore(temporaryFolder());
    const before = await onAir(store);
    await before.relay.close();
    const relay = await restarted(before, store);
    const host = new NaiveClient(`${relay.socketUrl}/?id=${before.podcast.id}&resume=${before.token}`);
    expect((await host.hello).secretKey).toEqual((await before.host.hello).secretKey);
  });

  test('that is private is opened by the last listen key alone', async () => {
    const store = openStore(temporaryFolder());
    const before = await onAir(store, { visibility: 'private' });
    const { id, listen_key: first = '' } = before.podcast;
    const renewed = await call(`${before.relay.url}/podcast/listen-key?id=${id}`, 'POST', before.headers);
    const { listen_key: second } = renewed.body as { listen_key: string };
    await before.relay.close();
    const relay = await restarted(before, store);
    const listener = new NaiveClient(`${relay.socketUrl}/?id=${id}`, { listen_key: second });
    expect((await listener.hello).secretKey).toEqual((await before.host.hello).secretKey);
    expect((await new NaiveClient(`${relay.socketUrl}/?id=${id}`, { listen_key: first }).ending).code).toBe(
      4006,
    );
  });

  test('is over when its host is not back within a minute', async () => {
    const store = openStore(temporaryFolder());
    const before = await onAir(store);
    await before.relay.close();
    const relay = await restarted(before, store);
    relay.clock.advance(MINUTE_MS - 1000);
    expect(await isThere(relay, before.podcast.id)).toBe(true);
    relay.clock.advance(1000);
    expect(await isThere(relay, before.podcast.id)).toBe(false);
    expect(store.load().podcasts).toEqual([]);
  });
});

describe('a drain', () => {
  test('tells hosts and listeners of every lane 4010, and a UDP listener no End', async () => {
    const relay = await startTestRelay({ podcastStore: openStore(temporaryFolder()) });
    const host = await udpHost(relay);
    const podcastId = host.hello.podcast_id;
    const listener = await udpListener(relay, podcastId);
    const byWebSocket = new NaiveClient(`${relay.socketUrl}/?id=${podcastId}`);
    await byWebSocket.hello;
    await relay.close();
    expect((await host.client.ending).code).toBe(4010);
    expect((await listener.client.ending).code).toBe(4010);
    expect(listener.client.ids(5)).toEqual([]);
    expect(await byWebSocket.ending).toMatchObject({ code: 4010, disconnect: { code: 4010 } });
  });
});

describe('a podcast over a crash of its relay', () => {
  test('goes on: the relay was not closed, and the file is read by another', async () => {
    const folder = temporaryFolder();
    const before = await onAir(openStore(folder));
    const relay = await restarted(before, openStore(folder));
    const host = hostOn(relay, before.podcast.id, before.headers);
    expect((await host.hello).secretKey).toEqual((await before.host.hello).secretKey);
  });

  test('goes on also when its host had dropped before', async () => {
    const folder = temporaryFolder();
    const before = await onAir(openStore(folder));
    before.host.socket.terminate();
    await before.relay.logged('podcast interrupted');
    const relay = await restarted(before, openStore(folder));
    expect((await hostOn(relay, before.podcast.id, before.headers).hello).resume_token).toBe(before.token);
  });
});

describe('what is kept', () => {
  test('is nothing of a podcast that never was on air, or is over', async () => {
    const store = openStore(temporaryFolder());
    const { relay, headers, host } = await onAir(store);
    await makePodcast(relay.url, headers);
    expect(store.load().podcasts).toHaveLength(1);
    host.socket.close(1000);
    await relay.logged('podcast ended');
    expect(store.load().podcasts).toEqual([]);
  });

  test('is nothing at all without a store', async () => {
    const before = await onAir(undefined);
    await before.relay.close();
    const { accounts, clock } = before.relay;
    expect(await isThere(await startTestRelay({ accounts, clock }), before.podcast.id)).toBe(false);
  });

  test('has no secret in clear, in a file that only its owner can read', async () => {
    const folder = temporaryFolder();
    const { podcast, token, host } = await onAir(openStore(folder), { visibility: 'private' });
    const key = Uint8Array.from((await host.hello).secretKey);
    const files = readdirSync(folder);
    expect(files).toContain('podcasts.db');
    for (const file of files) {
      const bytes = readFileSync(join(folder, file));
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
      for (const secret of [Buffer.from(key), Buffer.from(STORAGE_KEY)]) {
        expect(bytes.includes(secret)).toBe(false);
        expect(bytes.includes(secret.toString('hex'))).toBe(false);
        expect(bytes.includes(secret.toString('base64'))).toBe(false);
      }
      for (const secret of [token, podcast.listen_key ?? 'no listen key']) {
        expect(bytes.includes(secret)).toBe(false);
        expect(bytes.includes(Buffer.from(secret, 'hex'))).toBe(false);
      }
    }
  });

  test('under another storage key is dropped, and one line says so', async () => {
    const folder = temporaryFolder();
    const before = await onAir(openStore(folder));
    await before.relay.close();
    const store = openStore(folder, new Uint8Array(32).fill(8));
    const relay = await restarted(before, store);
    expect(await isThere(relay, before.podcast.id)).toBe(false);
    expect(relay.logLines.filter((line) => line.includes('another key'))).toHaveLength(1);
    expect(store.load()).toEqual({ podcasts: [], unreadable: [] });
  });

  test.each([
    ['its host', "host = '1'"],
    ['its visibility', "visibility = 'public'"],
    ['its id', 'id = 7'],
    ['what is sealed', "sealed = x'00'"],
  ])('is dropped when somebody has changed %s in the file, and one line says so', async (_, change) => {
    const folder = temporaryFolder();
    const before = await onAir(openStore(folder), { visibility: 'private' });
    await before.relay.close();
    const database = new DatabaseSync(join(folder, 'podcasts.db'));
    database.exec(`UPDATE podcasts SET ${change}`);
    database.close();
    const store = openStore(folder);
    const relay = await restarted(before, store);
    expect(relay.logLines.filter((line) => line.includes('changed since'))).toHaveLength(1);
    expect(relay.logLines.filter((line) => line.includes('podcast restored'))).toEqual([]);
    expect(store.load()).toEqual({ podcasts: [], unreadable: [] });
  });

  test('stays as it is when the next relay cannot start', async () => {
    const folder = temporaryFolder();
    const before = await onAir(openStore(folder));
    const store = openStore(folder, new Uint8Array(32).fill(8));
    await expect(startTestRelay({ podcastStore: store, port: before.relay.port })).rejects.toThrow(
      'is in use',
    );
    expect(openStore(folder).load().podcasts).toHaveLength(1);
  });

  test.each([
    ['a minute later', async (relay: TestRelay) => await Promise.resolve(relay.clock.advance(MINUTE_MS))],
    ['when the relay stops', async (relay: TestRelay) => await relay.close()],
  ])('is put right %s, when the store has failed meanwhile', async (_, then) => {
    const real = openPodcastStore(':memory:', STORAGE_KEY);
    let isFailing = false;
    const attempt = <Result>(act: () => Result): Result => {
      if (isFailing) throw new Error('database is locked');
      return act();
    };
    const store: PodcastStore = {
      put: (podcast) => attempt(() => real.put(podcast)),
      touch: (ids, nowMs) => attempt(() => real.touch(ids, nowMs)),
      remove: (ids) => attempt(() => real.remove(ids)),
      load: () => attempt(() => real.load()),
      close: () => real.close(),
    };
    const { relay, headers, host: first } = await onAir(store);
    const { id } = await makePodcast(relay.url, headers);
    isFailing = true;
    const second = hostOn(relay, id, headers);
    await second.hello;
    first.socket.close(1000);
    await relay.logged('podcast ended');
    isFailing = false;
    await then(relay);
    expect(real.load().podcasts.map((podcast) => podcast.id)).toEqual([id]);
  });

  test('may fail to be kept: the podcast is on air all the same, and the log says so once', async () => {
    const store = openPodcastStore(':memory:', STORAGE_KEY);
    store.close();
    const { relay, host } = await onAir(store);
    host.socket.terminate();
    await relay.logged('podcast interrupted');
    expect(relay.logLines.filter((line) => line.includes('podcasts cannot be kept'))).toHaveLength(1);
  });
});

test('a storage key has 32 bytes', () => {
  expect(() => openPodcastStore(':memory:', new Uint8Array(31))).toThrow(
    'a storage key of 31 bytes: it has 32',
  );
});
