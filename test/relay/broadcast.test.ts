import { once } from 'node:events';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';

function headersOf({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

describe.each([
  { generation: 2022, path: '/?id=', senderHeader: 'isSender' },
  { generation: 2023, path: '/ws?id=', senderHeader: 'isHost' },
] as const)('a client that knows only the contract of $generation', ({ generation, path, senderHeader }) => {
  test('hosts, and listeners open every frame in its order', async () => {
    const relay = await startTestRelay();
    const headers = accountHeaders(generation, relay.account.id, relay.account.secret);
    const { id } = await makePodcast(relay.url, headers);
    const url = `${relay.socketUrl}${path}${id}`;
    const host = new NaiveClient(url, { ...headers, [senderHeader]: 'true' });
    const listeners = [new NaiveClient(url), new NaiveClient(url)];
    await Promise.all([host, ...listeners].map(({ hello }) => hello));

    const frames = Array.from({ length: 100 }, (_, index) => `frame ${index}`);
    for (const frame of frames) host.sendFrame(Buffer.from(frame));

    await Promise.all(listeners.map((listener) => listener.heard(frames.length)));
    for (const listener of listeners) expect(listener.frames()).toEqual(frames);
  });
});

describe('a broadcast', () => {
  test('reaches listeners byte for byte, from the smallest packet to the largest', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const host = new NaiveClient(`${relay.socketUrl}/?id=${id}`, { ...headersOf(relay), isSender: 'true' });
    const listener = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
    await Promise.all([host.hello, listener.hello]);

    const packets = [42, 125, 126, 185, 1315, 1316].map((length) => {
      return Buffer.concat([Buffer.of(1), nacl.randomBytes(length - 1)]);
    });
    for (const packet of packets) host.socket.send(packet);

    await listener.heard(packets.length);
    expect(listener.packets).toEqual(packets);
  });

  test('drops an exact repeat of a nonce, counts it, and goes on', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const host = new NaiveClient(`${relay.socketUrl}/?id=${id}`, { ...headersOf(relay), isSender: 'true' });
    const listener = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
    await Promise.all([host.hello, listener.hello]);
    const nonce = nacl.randomBytes(24);

    host.sendFrame(Buffer.from('first'), nonce);
    host.sendFrame(Buffer.from('again'), nonce);
    host.sendFrame(Buffer.from('next'));

    await listener.heard(2);
    expect(listener.frames()).toEqual(['first', 'next']);
    expect(relay.count('replay')).toBe(1);
    expect(host.socket.readyState).toBe(host.socket.OPEN);
  });

  test('keeps what a host sends before its account is verified', async () => {
    const asked = Promise.withResolvers<void>();
    const verdict = Promise.withResolvers<boolean>();
    let answersAtOnce = true;
    const verify = (): Promise<boolean> => {
      if (answersAtOnce) return Promise.resolve(true);
      asked.resolve();
      return verdict.promise;
    };
    const relay = await startTestRelay({ accounts: { verify, remembers: () => false } });
    const headers = accountHeaders(2023, '1', 'secret');
    const { url } = await makePodcast(relay.url, headers);
    const listener = new NaiveClient(url);
    await listener.hello;
    answersAtOnce = false;
    const host = new NaiveClient(url, { ...headers, isSender: 'true' });
    await asked.promise;
    await once(host.socket, 'open');
    host.socket.send(Buffer.alloc(42, 1));
    // An answer to a later request shows that the packet has arrived.
    await fetch(`${relay.url}/live`);
    verdict.resolve(true);
    await listener.heard(1);
    expect(listener.packets).toEqual([Buffer.alloc(42, 1)]);
  });

  test('shows in the podcast object who listens and since when it is on air', async () => {
    const relay = await startTestRelay();
    const podcast = await makePodcast(relay.url, headersOf(relay));
    expect(podcast).toMatchObject({ active_since: null, activeSince: null, listeners: 0 });
    relay.clock.advance(1500);
    const startMs = relay.clock.nowMs();
    const host = new NaiveClient(podcast.url, { ...headersOf(relay), isSender: 'true' });
    const listener = new NaiveClient(podcast.url);
    await Promise.all([host.hello, listener.hello]);
    relay.clock.advance(1500);

    const answer = await fetch(`${relay.url}/podcast?id=${podcast.id}`);
    expect(await answer.json()).toMatchObject({ active_since: startMs, activeSince: startMs, listeners: 1 });
  });
});

describe('Hello', () => {
  test('has the key alone for a client that did not ask for more', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const host = new NaiveClient(`${relay.socketUrl}/?id=${id}`, { ...headersOf(relay), isSender: 'true' });
    const hello = await host.hello;
    expect(Object.keys(hello)).toEqual(['secretKey']);
    expect(hello.secretKey).toHaveLength(32);
    for (const byte of hello.secretKey) expect([byte >= -128, byte <= 127]).toEqual([true, true]);
  });

  test('tells a host that asked for all events how to come back, and a listener only who it is', async () => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const url = `${relay.socketUrl}/?id=${id}&events=all`;
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    const listener = new NaiveClient(url);
    const [toHost, toListener] = await Promise.all([host.hello, listener.hello]);
    expect(toHost).toMatchObject({ podcast_id: id, resume_seconds: 5 });
    expect(toHost.resume_token).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(toListener)).toEqual(['secretKey', 'client_id', 'podcast_id']);
    expect(toListener.client_id).not.toBe(toHost.client_id);
  });
});

describe('a private podcast', () => {
  test.each(['query', 'header', 'account'])('opens to its %s', async (way) => {
    const relay = await startTestRelay();
    const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const key = String(podcast.listen_key);
    const listener = {
      query: () => new NaiveClient(`${podcast.url}&key=${key}`),
      header: () => new NaiveClient(podcast.url, { listen_key: key }),
      account: () => new NaiveClient(podcast.url, headersOf(relay)),
    }[way];
    expect((await listener?.().hello)?.secretKey).toHaveLength(32);
  });

  test('is unknown to everyone else', async () => {
    const relay = await startTestRelay();
    const other = await relay.accounts.add({});
    const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const strangers = [
      new NaiveClient(podcast.url),
      new NaiveClient(`${podcast.url}&key=AAAAAAAAAAAAAAAAAAAAAA`),
      new NaiveClient(podcast.url, accountHeaders(2022, other.id, other.secret)),
    ];
    for (const stranger of strangers) expect((await stranger.ending).code).toBe(4006);
  });
});
