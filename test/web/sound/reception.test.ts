import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { type PodcastHost, hostPodcast } from '../../../src/client/podcast-host.ts';
import { writeJsonEvent } from '../../../src/protocol/json-events.ts';
import type { PodcastFacts } from '../../../src/protocol/podcast-facts.ts';
import type { ReceivedPacket } from '../../../web/sound/decoded-packet.ts';
import { Reception } from '../../../web/sound/reception.ts';
import type { SoundState } from '../../../web/sound/sound.ts';
import { proxyTo } from '../../support/cuttable-proxy.ts';
import { ProgrammePackets } from '../../support/programme-packets.ts';
import { speechPacket } from '../../support/speech-network.ts';
import { type TestRelay, startTestRelay } from '../../support/test-relay.ts';

const KEY = new Uint8Array(32).fill(3);

interface Heard {
  readonly reception: Reception;
  readonly packets: ReceivedPacket[];
  readonly retracted: number[];
  readonly states: SoundState[];
  readonly facts: PodcastFacts[];
}

function listen(port: number, podcastId: number): Heard {
  const [packets, retracted, states, facts]: [ReceivedPacket[], number[], SoundState[], PodcastFacts[]] = [
    [],
    [],
    [],
    [],
  ];
  const url = `ws://127.0.0.1:${port}/listen?id=${podcastId}&audio=websocket&events=all&from=page`;
  const reception = new Reception(url, {
    onPacket: (packet) => packets.push(packet),
    onRetracted: (ssrc) => retracted.push(ssrc),
    onState: (state) => states.push(state),
    onPodcast: (podcast) => facts.push(podcast),
  });
  return { reception, packets, retracted, states, facts };
}

async function hostOn(relay: TestRelay): Promise<PodcastHost> {
  const host = await hostPodcast({ relay: relay.url, account: relay.account });
  onTestFinished(() => host.close());
  return host;
}

function frame(sequence: number) {
  return { ssrc: 7, sequence, timestamp: sequence * 960, opus: speechPacket(sequence) };
}

test('packets come in the clear, with their place, and with what is to be known', async () => {
  const relay = await startTestRelay();
  const host = await hostOn(relay);
  const { packets, retracted, states, facts } = listen(relay.port, host.podcast.id);
  await expect.poll(() => states).toEqual(['playing']);
  expect(facts[0]?.listenersBy.page).toBe(1);
  host.send(frame(1));
  await expect.poll(() => packets.length).toBe(1);
  host.retract(7);
  await expect.poll(() => retracted).toEqual([7]);
  expect(packets).toMatchObject([frame(1)]);
});

test('a connection that is cut is sought again, and found', async () => {
  const relay = await startTestRelay();
  const proxy = await proxyTo(relay.port);
  const host = await hostOn(relay);
  const { packets, states } = listen(proxy.port, host.podcast.id);
  await expect.poll(() => states).toEqual(['playing']);
  proxy.cut();
  await expect.poll(() => states).toEqual(['playing', 'reconnecting', 'playing']);
  host.send(frame(1));
  await expect.poll(() => packets.length).toBe(1);
});

test('a connection that is renewed brings nothing of the old one', async () => {
  const relay = await startTestRelay();
  const host = await hostOn(relay);
  const { reception, packets, states } = listen(relay.port, host.podcast.id);
  await expect.poll(() => states).toEqual(['playing']);
  reception.renew();
  host.send(frame(1));
  await expect.poll(() => states).toEqual(['playing', 'reconnecting', 'playing']);
  host.send(frame(2));
  await expect.poll(() => packets.at(-1)?.sequence).toBe(2);
  expect(packets).toHaveLength(1);
});

test('the end is told, and not asked for again', async () => {
  const relay = await startTestRelay();
  const host = await hostOn(relay);
  const { states } = listen(relay.port, host.podcast.id);
  await expect.poll(() => states).toEqual(['playing']);
  await host.close();
  await expect.poll(() => states).toEqual(['playing', 'ended']);
});

test('a podcast that nobody knows has ended', async () => {
  const relay = await startTestRelay();
  const { states } = listen(relay.port, 12_345);
  await expect.poll(() => states).toEqual(['ended']);
});

test('nonsense is passed over, and a key opens nothing but what its own connection brings', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  const connected = async (): Promise<WebSocket> => {
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    return socket;
  };
  await once(server, 'listening');
  const first = connected();
  const { reception, packets } = listen((server.address() as AddressInfo).port, 1);
  const sealed = new ProgrammePackets(KEY, 7);
  const hello = writeJsonEvent({ type: 'hello', podcastId: 1, ip: '', port: 1, secret: KEY });
  for (const message of ['nonsense', '{"t":8}', Uint8Array.of(1), hello, sealed.next(speechPacket(1))])
    (await first).send(message);
  await expect.poll(() => packets.length).toBe(1);
  expect(reception.unread).toBe(3);
  const second = connected();
  reception.renew();
  for (const message of [sealed.next(speechPacket(2)), hello, sealed.next(speechPacket(3))])
    (await second).send(message);
  await expect.poll(() => packets.length).toBe(2);
  expect(packets.map(({ opus }) => Buffer.from(opus))).toEqual(
    [1, 3].map((each) => Buffer.from(speechPacket(each))),
  );
  expect(reception.unread).toBe(4);
});
