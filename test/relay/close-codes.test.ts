import { buffer } from 'node:stream/consumers';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { connectRawListener } from '../support/raw-listener.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';

function headersOf({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

async function expectEnding(client: NaiveClient, code: number, sentence: string | RegExp): Promise<void> {
  const { disconnect, ...close } = await client.ending;
  expect(close.code).toBe(code);
  expect(close.reason).toMatch(sentence);
  expect(disconnect).toEqual(close);
}

test('4000: a host without authentication headers', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const url = `${relay.socketUrl}/?id=${id}`;
  await expectEnding(new NaiveClient(url, { isSender: 'true' }), 4000, /headers .* are missing/);
  await expectEnding(
    new NaiveClient(url, { isSender: 'true', client_id: '5' }),
    4000,
    /headers .* are missing/,
  );
  expect(relay.count('close-4000')).toBe(2);
});

test('4001: an unknown account, a wrong secret, and an account that is not the host', async () => {
  const relay = await startTestRelay();
  const other = await relay.accounts.add({});
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const url = `${relay.socketUrl}/?id=${id}`;
  const wrongSecret = { ...accountHeaders(2022, relay.account.id, 'wrong'), isSender: 'true' };
  const unknown = { ...accountHeaders(2022, '123', relay.account.secret), isSender: 'true' };
  const notHost = { ...accountHeaders(2022, other.id, other.secret), isSender: 'true' };
  await expectEnding(
    new NaiveClient(url, wrongSecret),
    4001,
    'The account is unknown or its secret is wrong.',
  );
  await expectEnding(new NaiveClient(url, unknown), 4001, 'The account is unknown or its secret is wrong.');
  await expectEnding(new NaiveClient(url, notHost), 4001, 'This account is not the host of this podcast.');
});

describe('4002', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['text', 'hello', /text message/],
    ['an empty message', Buffer.alloc(0), /empty/],
    ['another first byte', Buffer.alloc(60, 7), /starts with 7/],
    [
      'an event of the relay',
      Buffer.from('\0{"type":1,"content":{"code":1,"reason":""}}'),
      /a host does not send/,
    ],
    ['an event of nobody', Buffer.from('\0{"type":9,"content":{}}'), /a host does not send/],
    ['a Retract without its SSRC', Buffer.from('\0{"type":2,"content":{}}'), /ssrc is not a whole number/],
    ['a packet of 41 bytes', Buffer.alloc(41, 1), /41 bytes: 42 is the least/],
    ['a packet of 1317 bytes', Buffer.alloc(1317, 1), /1317 bytes: 1316 is the most/],
    [
      'a message beyond the receive buffer',
      Buffer.alloc(100_000, 1),
      /more than 14528 bytes: 1316 is the most/,
    ],
  ])('a host that sends %s, while the podcast waits for it to come back', async (_, message, sentence) => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const url = `${relay.socketUrl}/?id=${id}`;
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    const listener = new NaiveClient(url);
    await Promise.all([host.hello, listener.hello]);
    host.socket.send(message);
    await expectEnding(host, 4002, sentence);
    await relay.logged('podcast interrupted');
    expect(listener.socket.readyState).toBe(listener.socket.OPEN);
    expect(relay.count('close-4002')).toBe(1);
  });

  test.each([
    ['text', 'hello'],
    ['a well-formed audio packet', Buffer.concat([Buffer.of(1), nacl.randomBytes(100)])],
  ])('a listener that sends %s, while nobody else notices', async (_, message) => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const url = `${relay.socketUrl}/?id=${id}`;
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    const [quiet, noisy] = [new NaiveClient(url), new NaiveClient(url)];
    await Promise.all([host.hello, quiet.hello, noisy.hello]);
    noisy.socket.send(message);
    await expectEnding(noisy, 4002, /a listener sends none/);
    host.sendFrame(Buffer.from('still here'));
    await quiet.heard(1);
    expect(quiet.frames()).toEqual(['still here']);
    expect(noisy.packets).toEqual([]);
  });
});

test('no audio follows a close frame', async () => {
  const relay = await startTestRelay();
  const { id, url } = await makePodcast(relay.url, headersOf(relay));
  const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  const [quick, raw] = [new NaiveClient(url), await connectRawListener(relay.port, id)];
  await Promise.all([host.hello, quick.hello]);
  const emptyMessage = Buffer.of(0x82, 0x80, 0, 0, 0, 0);
  raw.write(emptyMessage);
  await relay.counted('close-4002', 1);
  host.socket.send(Buffer.alloc(100, 1));
  await quick.heard(1);

  const rest = buffer(raw);
  await relay.close();
  expect((await rest).includes(Buffer.alloc(99, 1))).toBe(false);
});

test('4003: the host ends the podcast by DELETE; host and listeners are told', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const url = `${relay.socketUrl}/?id=${id}`;
  const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  const listener = new NaiveClient(url);
  await Promise.all([host.hello, listener.hello]);
  const answer = await fetch(`${relay.url}/podcast?id=${id}`, {
    method: 'DELETE',
    headers: headersOf(relay),
  });
  expect(answer.status).toBe(204);
  await expectEnding(host, 4003, 'The host ended the podcast.');
  await expectEnding(listener, 4003, 'The host ended the podcast.');
});

test('4004: a second host while the first is on air, which hears nothing of it', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const url = `${relay.socketUrl}/?id=${id}`;
  const first = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  await first.hello;
  await expectEnding(
    new NaiveClient(url, { ...headersOf(relay), isSender: 'true' }),
    4004,
    /has a sender already/,
  );
  expect(first.socket.readyState).toBe(first.socket.OPEN);
});

test('4005: no sender within its time, and not a moment before', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const listener = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
  await listener.hello;
  relay.clock.advance(9999);
  expect((await fetch(`${relay.url}/podcast?id=${id}`)).status).toBe(200);
  relay.clock.advance(1);
  await expectEnding(listener, 4005, 'No sender connected in time.');
  expect((await fetch(`${relay.url}/podcast?id=${id}`)).status).toBe(404);
});

test('4006: a podcast that is not there, for hosts and listeners, and no id at all', async () => {
  const relay = await startTestRelay();
  const hostHeaders = { ...headersOf(relay), isSender: 'true' };
  await expectEnding(
    new NaiveClient(`${relay.socketUrl}/?id=12345`, hostHeaders),
    4006,
    /no podcast of that id/,
  );
  await expectEnding(new NaiveClient(`${relay.socketUrl}/?id=12345&resume=x`), 4006, /no podcast of that id/);
  await expectEnding(new NaiveClient(`${relay.socketUrl}/?id=12345`), 4006, /no podcast of that id/);
  await expectEnding(new NaiveClient(`${relay.socketUrl}/?id=x`), 4006, /no podcast of that id/);
  await expectEnding(new NaiveClient(relay.socketUrl), 4006, /no podcast of that id/);
});

test('4009: one listener more than a podcast, or than the relay, may have', async () => {
  const relay = await startTestRelay({ limits: { LISTENERS_PER_PODCAST: 2, LISTENERS_PER_RELAY: 3 } });
  const [one, two] = [
    await makePodcast(relay.url, headersOf(relay)),
    await makePodcast(relay.url, headersOf(relay)),
  ];
  const first = new NaiveClient(one.url);
  await first.hello;
  await new NaiveClient(one.url).hello;
  await expectEnding(new NaiveClient(one.url), 4009, 'This podcast has 2 listeners: that is the most.');
  await new NaiveClient(two.url).hello;
  await expectEnding(new NaiveClient(two.url), 4009, 'This relay has 3 listeners: that is the most.');

  first.socket.close();
  await first.ending;
  await expect(new NaiveClient(two.url).hello).resolves.toBeDefined();
});

test('4010: the relay goes away, and tells hosts and listeners', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const url = `${relay.socketUrl}/?id=${id}`;
  const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  const listener = new NaiveClient(url);
  await Promise.all([host.hello, listener.hello]);
  await relay.close();
  await expectEnding(host, 4010, 'This relay is shutting down; reconnect.');
  await expectEnding(listener, 4010, 'This relay is shutting down; reconnect.');
});
