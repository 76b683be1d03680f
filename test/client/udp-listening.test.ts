import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PodcastHost, hostPodcast } from '../../src/client/podcast-host.ts';
import { type HeardFrame, PodcastListener } from '../../src/client/podcast-listener.ts';
import type { Ending } from '../../src/client/relay-socket.ts';
import type { UdpTimings } from '../../src/client/udp-audio.ts';
import type { RelayOptions } from '../../src/relay/relay.ts';
import { proxyTo } from '../support/cuttable-proxy.ts';
import { type NatOptions, natTo } from '../support/nat.ts';
import { type TestRelay, startTestRelay } from '../support/test-relay.ts';

/** Where UDP goes that is not to reach the relay directly: nothing listens there but what a test puts there. */
const DETOUR = '127.0.0.9';

interface Scene {
  readonly relay: TestRelay;
  readonly host: PodcastHost;
  /** Sends one frame. */
  readonly say: (number: number) => void;
}

async function onAir(options: Partial<RelayOptions> = {}, description = {}): Promise<Scene> {
  const { limits: _, clock: __, ...changes } = options;
  const relay = await startTestRelay(changes);
  const host = await hostPodcast({ relay: relay.url, account: relay.account, description });
  onTestFinished(() => host.close());
  const say = (number: number): void => {
    host.send({ opus: Buffer.of(0xfc, number, 7), sequence: number, timestamp: number * 960, ssrc: 42 });
  };
  return { relay, host, say };
}

function listen({ relay, host }: Scene, timings: Partial<UdpTimings> = {}, port = relay.port) {
  const listener = new PodcastListener({
    relay: `http://127.0.0.1:${port}`,
    podcastId: host.podcast.id,
    audio: 'udp',
    udpTimings: { retryMs: 20, giveUpMs: 20_000, keepAliveMs: 20_000, ...timings },
  });
  onTestFinished(() => listener.close());
  const frames: HeardFrame[] = [];
  listener.on('frame', (frame) => frames.push(frame));
  const heard = async (count: number): Promise<void> => {
    while (frames.length < count) await once(listener, 'frame');
  };
  return { listener, frames, heard, listening: once(listener, 'listening') };
}

function withSpoiltCookie(datagram: Buffer): Buffer[] {
  if (datagram.length === 74) datagram[60] = (datagram[60] ?? 0) ^ 1;
  return [datagram];
}

/** A relay whose UDP goes through a NAT, while its WebSockets do not. */
async function behindNat(change?: NatOptions['change']) {
  const scene = await onAir({ publicIp: DETOUR });
  const { udpPort } = scene.relay;
  const nat = await natTo({
    relayPort: udpPort,
    outside: '127.0.0.2',
    inside: { address: DETOUR, port: udpPort },
    ...(change && { change }),
  });
  return { ...scene, nat };
}

describe('a listener over UDP', () => {
  test('hears every frame with its place in its stream', async () => {
    const scene = await onAir();
    const { listener, listening, frames, heard } = listen(scene);
    await listening;
    // One after the other: a relay that a busy machine holds up throws away what waited for too long.
    for (let number = 0; number < 50; number += 1) {
      scene.say(number);
      await heard(number + 1);
    }
    expect(listener.audio).toBe('udp');
    expect(frames.map(({ rtp }) => rtp?.sequence)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(listener.unopened).toBe(0);
    expect(scene.relay.count('discovery')).toBeGreaterThan(0);
  });

  test('is told that the host left', async () => {
    const scene = await onAir();
    const { listener, listening } = listen(scene);
    await listening;
    const ended = once(listener, 'ended');
    await scene.host.close();
    const [ending] = (await ended) as [Ending];
    expect(ending).toEqual({ code: 4003, reason: 'The host left: the podcast is over.' });
  });

  test('comes back when its WebSocket is cut, and hears on', async () => {
    const scene = await onAir();
    const proxy = await proxyTo(scene.relay.port);
    const { listener, listening, frames, heard } = listen(scene, {}, proxy.port);
    await listening;
    const again = once(listener, 'listening');
    proxy.cut();
    await again;
    scene.say(7);
    await heard(1);
    expect(frames.map(({ rtp }) => rtp?.sequence)).toEqual([7]);
    expect(listener.audio).toBe('udp');
  });

  test('behind a NAT proves its address, and notices by its keep-alive when it has moved', async () => {
    const scene = await behindNat();
    const { listener, listening, frames, heard } = listen(scene, { keepAliveMs: 20 });
    await listening;
    scene.say(1);
    await heard(1);
    const { nat, relay } = scene;
    nat.move();
    const asked = relay.count('discovery');
    // Frames sent on the way to the new address are lost; some of these are not.
    for (let number = 2; frames.length < 2; number += 1) {
      scene.say(number);
      await relay.counted('packets-in', number);
      await new Promise(setImmediate);
    }
    expect(relay.count('discovery')).toBeGreaterThan(asked);
    expect(listener.audio).toBe('udp');
  });

  test('hears once what the network delivers twice', async () => {
    const scene = await behindNat((datagram) => [datagram, datagram]);
    const { listening, frames, heard } = listen(scene);
    await listening;
    for (let number = 0; number < 10; number += 1) scene.say(number);
    await heard(10);
    expect(frames.map(({ rtp }) => rtp?.sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('a listener that UDP does not reach', () => {
  test('hears over its WebSocket instead', async () => {
    const scene = await onAir({ publicIp: DETOUR });
    const { listener, listening, frames, heard } = listen(scene, { giveUpMs: 60 });
    const interruptions: string[] = [];
    listener.on('interrupted', (why) => interruptions.push(why));
    await listening;
    scene.say(3);
    await heard(1);
    expect(listener.audio).toBe('websocket');
    expect(frames.map(({ rtp }) => rtp?.sequence)).toEqual([3]);
    expect(interruptions).toEqual([]);
  });

  test('as well when its address could not be confirmed', async () => {
    const scene = await behindNat(withSpoiltCookie);
    const { listener, listening, heard } = listen(scene);
    await listening;
    expect(scene.relay.count('close-4007')).toBe(1);
    expect(listener.audio).toBe('websocket');
    scene.say(3);
    await heard(1);
  });
});

test('a private podcast opens to its key over UDP as well', async () => {
  const { relay, host, say } = await onAir({}, { visibility: 'private' });
  const listener = new PodcastListener({
    relay: relay.url,
    podcastId: host.podcast.id,
    listenKey: String(host.podcast.listen_key),
    audio: 'udp',
  });
  onTestFinished(() => listener.close());
  await once(listener, 'listening');
  const frame = once(listener, 'frame');
  say(1);
  await frame;
});
