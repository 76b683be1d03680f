import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { accountHeaders, makePodcast, NaiveClient } from '../../support/naive-client.ts';
import { discover, NaiveUdpClient } from '../../support/naive-udp-client.ts';
import { startTestRelay } from '../../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../../support/udp-on-air.ts';

async function onAir() {
  const relay = await startTestRelay();
  const host = await udpHost(relay);
  const listener = await udpListener(relay, host.hello.podcast_id);
  return { relay, host, listener, podcast: host.hello.podcast_id };
}

describe('4002', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['a binary message', Buffer.alloc(60, 1), /binary message: a client sends JSON events as text/],
    ['what is not JSON', 'hello', /not JSON/],
    [
      'a port that is none',
      '{"t":2,"data":{"ip":"","port":0}}',
      /port is not a whole number from 1 to 65535/,
    ],
    [
      'an address that is none',
      '{"t":2,"data":{"ip":"localhost","port":9}}',
      /neither empty nor an IP address/,
    ],
    ['an event of the relay', '{"t":5,"data":{}}', /an event that a relay sends/],
    ['a Retract without its SSRC', '{"t":6,"data":{"ssrc":-1}}', /ssrc is not a whole number of 32 bits/],
    ['a Guilds without a number', '{"t":7,"data":{"guilds":"3"}}', /guilds is not a whole number from 0/],
    ['a message too large', 'x'.repeat(40_000), /more than 14528 bytes/],
  ])('for %s, from host and listener alike, and nobody else notices', async (_, message, sentence) => {
    const { relay, host, listener, podcast } = await onAir();
    const other = await udpListener(relay, podcast);
    await host.sendFrame('before');
    await other.ear.heard(1);
    for (const { client } of [listener, host]) {
      client.socket.send(message);
      expect(await client.ending).toEqual({ code: 4002, reason: expect.stringMatching(sentence) });
      expect(client.messages.at(-1)).toMatchObject({ t: 3 });
    }
    await relay.logged('podcast interrupted');
    expect(other.client.socket.readyState).toBe(other.client.socket.OPEN);
    expect(relay.count('close-4002')).toBe(2);
  });

  test.each([
    ['/ws?id=ID&stream=programme', /only a listener has a choice/],
    ['/ws?id=ID&stream=tracks', /only a listener has a choice/],
    ['/listen?id=ID&stream=x', /tracks or programme/],
    ['/listen?id=ID&audio=x', /udp or websocket/],
    ['/ws?id=ID&audio=websocket', /a host here sends its audio over udp/],
  ])('for %s', async (path, sentence) => {
    const relay = await startTestRelay();
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const url = relay.socketUrl + path.replace('ID', String(id));
    const { ending } = new NaiveUdpClient(url, headersOf(relay));
    expect(await ending).toEqual({ code: 4002, reason: expect.stringMatching(sentence) });
    const answer = await fetch(`${relay.url}/podcast?id=${id}`);
    expect(await answer.json()).toMatchObject({ listeners: 0, active_since: null });
  });

  test('for a Connected of who asked for audio=websocket', async () => {
    const { relay, podcast } = await onAir();
    const client = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${podcast}&audio=websocket`);
    await client.event(4);
    client.say(2, { ip: '', port: 9 });
    expect((await client.ending).code).toBe(4002);
  });

  test('not for an event above 9, which a later version may know', async () => {
    const { host, listener } = await onAir();
    listener.client.say(10, { mood: 'fine' });
    await listener.client.connect(listener.ear.port);
    await host.sendFrame('hello');
    await listener.ear.heard(1);
  });
});

describe('other refusals', () => {
  test('4000 without an account, 4001 with a wrong one or one that is not the host', async () => {
    const relay = await startTestRelay();
    const other = await relay.accounts.add({});
    const { id } = await makePodcast(relay.url, headersOf(relay));
    const endingOf = async (path: string, headers = {}): Promise<number> => {
      return (await new NaiveUdpClient(relay.socketUrl + path, headers).ending).code;
    };
    expect(await endingOf('/ws')).toBe(4000);
    expect(await endingOf(`/ws?id=${id}`, { client_id: relay.account.id })).toBe(4000);
    expect(await endingOf('/ws', accountHeaders(2022, relay.account.id, 'wrong'))).toBe(4001);
    expect(await endingOf(`/ws?id=${id}`, accountHeaders(2023, other.id, other.secret))).toBe(4001);
    expect(await endingOf('/ws?id=x', headersOf(relay))).toBe(4006);
    expect(await endingOf('/listen')).toBe(4006);
    expect(await endingOf('/listen?id=1')).toBe(4006);
  });

  test('4009 for one podcast, or one listener, more than may be', async () => {
    const relay = await startTestRelay({ limits: { PODCASTS_PER_ACCOUNT: 1, LISTENERS_PER_PODCAST: 1 } });
    const host = await udpHost(relay);
    expect((await new NaiveUdpClient(`${relay.socketUrl}/ws`, headersOf(relay)).ending).code).toBe(4009);
    await udpListener(relay, host.hello.podcast_id);
    const url = `${relay.socketUrl}/listen?id=${host.hello.podcast_id}`;
    expect((await new NaiveUdpClient(url).ending).code).toBe(4009);
  });

  test('4008 for a client that leaves events unread', async () => {
    const limits = { EVENT_QUEUE_BYTES: 65_536, LISTENER_EVENTS_PER_SECOND: 10_000_000 };
    const relay = await startTestRelay({ limits });
    const host = await udpHost(relay);
    const { client, ear } = await udpListener(relay, host.hello.podcast_id);
    // The answers to these are events; the kernel takes some megabytes of them before any waits in the relay.
    client.socket.pause();
    client.socket.on('error', () => undefined);
    while (relay.count('close-4008') === 0) {
      for (let i = 0; i < 1000; i += 1) client.say(2, { ip: '', port: ear.port });
      await discover(host.mouth, relay.udpPort, 1);
    }
    client.socket.resume();
    expect((await client.ending).code).toBe(4008);
    expect(host.client.socket.readyState).toBe(host.client.socket.OPEN);
  });

  test('429 for an address that keeps guessing ids, on this lane as on the other', async () => {
    const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 2 } });
    await new NaiveUdpClient(`${relay.socketUrl}/listen?id=1`).ending;
    await new NaiveClient(`${relay.socketUrl}/?id=2`).ending;
    const { socket } = new NaiveUdpClient(`${relay.socketUrl}/listen?id=3`);
    const [, answer] = await once(socket, 'unexpected-response');
    expect(answer.statusCode).toBe(429);
    answer.destroy();
  });
});
