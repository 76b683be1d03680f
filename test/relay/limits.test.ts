import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';
import { udpHost, udpListener } from '../support/udp-on-air.ts';

function headersOf({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

describe('listeners of one address', () => {
  test('are limited, over all podcasts; who leaves makes room, and other addresses have their own', async () => {
    const relay = await startTestRelay({ limits: { LISTENERS_PER_ADDRESS: 2 }, trustProxy: true });
    const { id: one } = await makePodcast(relay.url, headersOf(relay));
    const { id: two } = await makePodcast(relay.url, headersOf(relay));
    const from = (address: string, id: number): NaiveClient =>
      new NaiveClient(`${relay.socketUrl}/?id=${id}`, { 'x-forwarded-for': address });
    const first = from('203.0.113.1', one);
    await first.hello;
    await from('203.0.113.1', two).hello;
    expect(await from('203.0.113.1', two).ending).toMatchObject({
      code: 4009,
      disconnect: { reason: 'Your address has 2 listeners: that is the most.' },
    });
    await from('203.0.113.2', two).hello;
    first.socket.close();
    await first.ending;
    await from('203.0.113.1', one).hello;
  });
});

describe('a host that sends too fast', () => {
  test('is closed with 4009; the podcast waits for it, and its listeners stay', async () => {
    const relay = await startTestRelay({ limits: { HOST_MESSAGES_PER_SECOND: 50 } });
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const url = `${relay.socketUrl}/?id=${id}`;
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    await host.hello;
    const listener = new NaiveClient(url);
    await listener.hello;
    for (let frame = 0; frame < 101; frame++) host.sendFrame(Buffer.from(`frame ${frame}`));
    expect(await host.ending).toMatchObject({
      code: 4009,
      disconnect: { reason: 'A host sends at most 50 messages a second.' },
    });
    await listener.heard(100);
    const back = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    await back.hello;
    back.sendFrame(Buffer.from('calmer now'));
    await listener.heard(101);
    expect(listener.frames().at(-1)).toBe('calmer now');
  });
});

describe('a host that retracts too often', () => {
  test.each(['/?id=', '/ws?id='])(
    'is closed with 4009 on %s, and coming back makes no room for more; its listeners stay',
    async (path) => {
      const relay = await startTestRelay({ limits: { RETRACTS_PER_SECOND: 5 } });
      const { id, url } = await makePodcast(relay.url, headersOf(relay));
      const listener = new NaiveClient(`${url}&events=all`);
      await listener.hello;
      const hosting = { ...headersOf(relay), ...(path === '/?id=' && { isSender: 'true' }) };
      const retracting = async (times: number): Promise<unknown> => {
        const host = new NaiveUdpClient(`${relay.socketUrl}${path}${id}`, hosting);
        for (const _ of Array(times)) {
          const said = path === '/?id=' ? { type: 2, content: { ssrc: 7 } } : { t: 6, data: { ssrc: 7 } };
          const text = JSON.stringify(said);
          if (host.socket.readyState === host.socket.CONNECTING) await once(host.socket, 'open');
          host.socket.send(path === '/?id=' ? Buffer.from(`\0${text}`) : text);
        }
        return await host.ending;
      };
      const tooOften = { code: 4009, reason: 'A host sends at most 5 Retracts a second.' };
      expect(await retracting(11)).toEqual(tooOften);
      expect(await retracting(1)).toEqual(tooOften);
      expect(listener.retracted).toHaveLength(10);
      expect(listener.socket.readyState).toBe(listener.socket.OPEN);
    },
  );
});

describe('a host that sends too fast over UDP', () => {
  test('is closed with 4009 as well; its listeners stay', async () => {
    const relay = await startTestRelay({ limits: { HOST_MESSAGES_PER_SECOND: 50 } });
    const host = await udpHost(relay);
    const listener = await udpListener(relay, host.hello.podcast_id);
    for (let frame = 0; frame < 101; frame++) await host.sendFrame(`frame ${frame}`);
    expect(await host.client.ending).toEqual({
      code: 4009,
      reason: 'A host sends at most 50 messages a second.',
    });
    await listener.ear.heard(100);
    expect(listener.client.socket.readyState).toBe(listener.client.socket.OPEN);
  });
});

describe('a listener that says too much', () => {
  test('is closed with 4009', async () => {
    const relay = await startTestRelay({ limits: { LISTENER_EVENTS_PER_SECOND: 5 } });
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const listener = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}`);
    await listener.hello();
    for (let event = 0; event < 11; event++) listener.say(2, { ip: '', port: 9 });
    expect(await listener.ending).toEqual({
      code: 4009,
      reason: 'A listener sends at most 5 messages a second.',
    });
    expect(listener.ids(4)).toHaveLength(10);
  });
});

describe('wrong secrets', () => {
  test('are answered the later the more come from one address; the right one is answered at once', async () => {
    const relay = await startTestRelay({ limits: { FAILED_LOGINS_PER_ADDRESS: 1 } });
    const wrong = accountHeaders(2023, relay.account.id, 'wrong');
    const tryIt = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${relay.url}/podcast`, { method: 'POST', headers });
    expect((await tryIt(wrong)).status).toBe(401);
    let isAnswered = false;
    const second = tryIt(wrong).then((answer) => {
      isAnswered = true;
      return answer.status;
    });
    await relay.waiting(2);
    expect((await tryIt(headersOf(relay))).status).toBe(200);
    expect(isAnswered).toBe(false);
    relay.clock.advance(250);
    expect(await second).toBe(401);
  });
});
