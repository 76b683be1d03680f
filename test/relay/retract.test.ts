import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { NonceWriter } from '../../src/protocol/nonce.ts';
import { makePodcast, NaiveClient } from '../support/naive-client.ts';
import { NaiveProgrammeListener } from '../support/naive-programme.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';
import { headersOf, udpHost, udpListener } from '../support/udp-on-air.ts';

async function packetHost(relay: TestRelay): Promise<{ host: NaiveClient; id: number; url: string }> {
  const { id, url } = await makePodcast(relay.url, headersOf(relay));
  const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
  await host.hello;
  return { host, id, url };
}

describe('a host that takes back what a speaker said', () => {
  test('tells so whoever asked for all events, in the words of the lane, and nobody else', async () => {
    const relay = await startTestRelay();
    const { host, id, url } = await packetHost(relay);
    const asking = new NaiveClient(`${url}&events=all`);
    const plain = new NaiveClient(url);
    const listen = `${relay.socketUrl}/listen?id=${id}&audio=websocket`;
    const events = new NaiveUdpClient(`${listen}&events=all`);
    const strict = new NaiveUdpClient(listen);
    await Promise.all([asking.hello, plain.hello, events.event(4), strict.event(4)]);
    const programme = await NaiveProgrammeListener.open(relay.socketUrl, id, 'udp', { query: '&events=all' });
    const [{ ssrc } = { ssrc: -1 }] = await programme.frames(1);

    host.sendEvent(2, { ssrc: 4_000_000_000 });

    expect((await events.event(6)).data).toEqual({ ssrc: 4_000_000_000 });
    expect((await programme.client.event(6)).data).toEqual({ ssrc });
    host.sendFrame(Buffer.from('what comes later'));
    await Promise.all([asking.heard(1), plain.heard(1), strict.heard(1)]);
    expect(asking.retracted).toEqual([{ ssrc: 4_000_000_000, behind: 0 }]);
    expect(plain.retracted).toEqual([]);
    expect(strict.messages.filter(({ t }) => t === 6)).toEqual([]);
  });

  test('does so from section 4 as well', async () => {
    const relay = await startTestRelay();
    const host = await udpHost(relay);
    const { client, hello } = host;
    const listener = new NaiveUdpClient(
      `${relay.socketUrl}/listen?id=${hello.podcast_id}&audio=websocket&events=all`,
    );
    await listener.event(4);
    client.say(6, { ssrc: 7 });
    expect((await listener.event(6)).data).toEqual({ ssrc: 7 });
    await host.sendFrame('what comes later');
    await listener.heard(1);
  });

  test('takes back over UDP also what comes late, for one second, and of that speaker alone', async () => {
    const relay = await startTestRelay();
    const host = await udpHost(relay);
    const listener = await udpListener(relay, host.hello.podcast_id);
    const nonces = new NonceWriter();
    const say = (frame: string, ssrc: number): Promise<Buffer> =>
      host.sendFrame(frame, nonces.next({ sequence: 1, timestamp: 960, ssrc }));
    const told = new NaiveUdpClient(
      `${relay.socketUrl}/listen?id=${host.hello.podcast_id}&audio=websocket&events=all`,
    );
    await told.event(4);
    host.client.say(6, { ssrc: 7 });
    await told.event(6);
    relay.clock.advance(999);
    await say('late', 7);
    await relay.counted('datagram-retracted', 1);
    await say('of another', 8);
    await listener.ear.heard(1);
    relay.clock.advance(1);
    await say('later', 7);
    await listener.ear.heard(2);
    expect(await listener.client.opened(listener.ear.datagrams)).toEqual(['of another', 'later']);
  });

  test('takes it from the queue of a slow listener too: behind the word of it only what came later is heard', async () => {
    const relay = await startTestRelay({ limits: { HOST_MESSAGES_PER_SECOND: 1_000_000 } });
    const { host, url } = await packetHost(relay);
    const [quick, slow] = [new NaiveClient(url), new NaiveClient(`${url}&events=all`)];
    await Promise.all([quick.hello, slow.hello]);
    slow.socket.pause();
    let sent = 0;
    while (relay.count('slow-listener') === 0) {
      for (let i = 0; i < 20; i += 1) host.socket.send(Buffer.concat([Buffer.of(1), randomBytes(1315)]));
      sent += 20;
      await quick.heard(sent);
    }
    host.sendEvent(2, { ssrc: 7 });
    host.sendFrame(Buffer.from('what comes later'));
    await quick.heard(sent + 1);
    const retracted = relay.count('retracted');
    expect(retracted).toBeGreaterThan(0);

    slow.socket.resume();
    await slow.heard(sent + 1 - retracted - relay.count('slow-listener'));
    expect(slow.retracted).toEqual([{ ssrc: 7, behind: slow.packets.length - 1 }]);
    expect(slow.frames().at(-1)).toBe('what comes later');
  });

  test('may not be a listener: 4002', async () => {
    const relay = await startTestRelay();
    const { id, url } = await packetHost(relay);
    const events = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${id}&audio=websocket`);
    await events.event(4);
    events.say(6, { ssrc: 7 });
    expect(await events.ending).toEqual({ code: 4002, reason: expect.stringContaining('only a host') });
    const plain = new NaiveClient(url);
    await plain.hello;
    plain.sendEvent(2, { ssrc: 7 });
    expect((await plain.ending).code).toBe(4002);
  });
});
