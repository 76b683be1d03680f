import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { AccountsBusyError } from '../../src/accounts/account-store.ts';
import { accountHeaders, call, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay } from '../support/test-relay.ts';
import { headersOf } from '../support/udp-on-air.ts';

function isBusy(): Promise<boolean> {
  return Promise.reject(new AccountsBusyError('64 verifications wait already.'));
}

function isBusyFor(_account: string, secret: string): Promise<boolean> {
  return secret === 'busy' ? isBusy() : Promise.resolve(true);
}

function isBroken(): Promise<boolean> {
  return Promise.reject(new Error('disk on fire'));
}

describe('a relay that cannot verify an account', () => {
  test('because too many wait says capacity, on both ways in', async () => {
    const relay = await startTestRelay({ accounts: { verify: isBusy, remembers: () => false } });
    const headers = accountHeaders(2023, '1', 'secret');
    const host = new NaiveClient(`${relay.socketUrl}/?id=1`, { ...headers, isSender: 'true' });
    expect(await host.ending).toMatchObject({ code: 4009, reason: '64 verifications wait already.' });
    expect(await call(`${relay.url}/podcast`, 'POST', headers)).toMatchObject({
      status: 503,
      body: { error: 'capacity', message: '64 verifications wait already.' },
    });
  });

  test('because too many wait lets in whoever may listen without one, unless it says Guilds: 4009, and later', async () => {
    const relay = await startTestRelay({ accounts: { verify: isBusyFor, remembers: () => false } });
    const { id, url } = await makePodcast(relay.url, headersOf(relay));
    const busy = accountHeaders(2023, relay.account.id, 'busy');
    await new NaiveClient(url, busy).hello;
    const events = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`, busy);
    await events.event(4);
    expect(relay.count('close-4009')).toBe(0);
    events.say(7, { guilds: 1 });
    expect(await events.ending).toEqual({ code: 4009, reason: '64 verifications wait already.' });
  });

  test('because of a fault of its own closes with 1011 and logs the fault', async () => {
    const relay = await startTestRelay({ accounts: { verify: isBroken, remembers: () => false } });
    const headers = { ...accountHeaders(2023, '1', 'secret'), isSender: 'true' };
    expect((await new NaiveClient(`${relay.socketUrl}/?id=1`, headers).ending).code).toBe(1011);
    expect(relay.logLines.filter((line) => line.includes('disk on fire'))).toHaveLength(1);
  });
});

test('an address that keeps guessing ids is not even let in, until its minute is over', async () => {
  const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 3 } });
  for (const id of [1, 2, 3]) {
    expect((await new NaiveClient(`${relay.socketUrl}/?id=${id}`).ending).code).toBe(4006);
  }
  const refused = new NaiveClient(`${relay.socketUrl}/?id=4`);
  const [, answer] = await once(refused.socket, 'unexpected-response');
  expect(answer.statusCode).toBe(429);
  answer.destroy();
  expect(relay.count('rest-rate_limited')).toBe(1);
  relay.clock.advance(60_000);
  expect((await new NaiveClient(`${relay.socketUrl}/?id=5`).ending).code).toBe(4006);
});

test('a listener whose secret is wrong is told so (4001), and that counts as a guess', async () => {
  const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 3 } });
  const { id } = await makePodcast(relay.url, headersOf(relay));
  const url = `${relay.socketUrl}/listen?id=${id}&audio=websocket`;
  for (const secret of ['one', 'two', 'three']) {
    const listener = new NaiveUdpClient(url, accountHeaders(2023, relay.account.id, secret));
    expect((await listener.ending).code).toBe(4001);
  }
  const [, answer] = await once(new NaiveUdpClient(url).socket, 'unexpected-response');
  expect(answer.statusCode).toBe(429);
  answer.destroy();
});

test('a wrong secret does not tell that a private podcast is there', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
  const wrong = accountHeaders(2023, relay.account.id, 'wrong');
  for (const path of [`/listen?id=${id}`, `/?id=${id}`, '/listen?id=1']) {
    expect((await new NaiveUdpClient(relay.socketUrl + path, wrong).ending).code).toBe(4006);
  }
});

test('listeners that are let in are never counted as guesses', async () => {
  const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 3 } });
  const { url } = await makePodcast(relay.url, accountHeaders(2023, relay.account.id, relay.account.secret));
  for (let i = 0; i < 10; i += 1) {
    const listener = new NaiveClient(url);
    await listener.hello;
    listener.socket.send('noise');
    expect((await listener.ending).code).toBe(4002);
  }
});

test('a host that is gone before its secret is verified does not go on air', async () => {
  const asked = Promise.withResolvers<void>();
  const verdict = Promise.withResolvers<boolean>();
  let answersAtOnce = true;
  const verify = (): Promise<boolean> => {
    if (answersAtOnce) return Promise.resolve(true);
    asked.resolve();
    return verdict.promise;
  };
  const relay = await startTestRelay({
    accounts: { verify, remembers: () => false },
    senderTimeoutSeconds: 600,
  });
  const headers = accountHeaders(2023, '1', 'secret');
  const { id, url } = await makePodcast(relay.url, headers);
  answersAtOnce = false;
  const host = new NaiveClient(url, { ...headers, isSender: 'true' });
  await asked.promise;
  relay.clock.advance(60_000);
  expect(relay.count('dead-peer')).toBe(1);
  verdict.resolve(true);
  await host.ending;
  const { body } = await call(`${relay.url}/podcast?id=${id}`, 'GET');
  expect(body).toMatchObject({ active_since: null });
});
