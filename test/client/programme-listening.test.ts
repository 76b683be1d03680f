import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PodcastHost, hostPodcast } from '../../src/client/podcast-host.ts';
import {
  type HeardFrame,
  PodcastListener,
  type PodcastListenerOptions,
} from '../../src/client/podcast-listener.ts';
import { getPodcast } from '../../src/client/rest-client.ts';
import { proxyTo } from '../support/cuttable-proxy.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';

async function host(relay: TestRelay, port: number = relay.port): Promise<PodcastHost> {
  const podcastHost = await hostPodcast({ relay: `http://127.0.0.1:${port}`, account: relay.account });
  onTestFinished(() => podcastHost.close());
  return podcastHost;
}

async function listen(options: PodcastListenerOptions): Promise<PodcastListener> {
  const listener = new PodcastListener(options);
  onTestFinished(() => listener.close());
  await once(listener, 'listening');
  return listener;
}

async function framesOf(listener: PodcastListener, count: number): Promise<HeardFrame[]> {
  const frames: HeardFrame[] = [];
  while (frames.length < count) frames.push(...((await once(listener, 'frame')) as [HeardFrame]));
  return frames;
}

async function guildsAre(relay: TestRelay, podcastId: number, guilds: number): Promise<void> {
  while ((await getPodcast(relay.url, podcastId)).listeners_by.guilds !== guilds);
}

const manyLooks = { limits: { REST_REQUESTS_PER_MINUTE: 100_000 } };

describe('a listener to the programme', () => {
  test.each(['websocket', 'udp'] as const)('hears one stream over %s', async (audio) => {
    const relay = await startTestRelay();
    const { podcast } = await host(relay);
    const listener = await listen({ relay: relay.url, podcastId: podcast.id, stream: 'programme', audio });
    expect(listener.audio).toBe(audio);
    const frames = await framesOf(listener, 10);
    expect(new Set(frames.map(({ rtp }) => rtp?.ssrc)).size).toBe(1);
    expect(listener.unopened).toBe(0);
  });

  test('counts as so many guilds, also after a drop', async () => {
    const relay = await startTestRelay(manyLooks);
    const proxy = await proxyTo(relay.port);
    const { podcast } = await host(relay);
    const options = { podcastId: podcast.id, stream: 'programme', account: relay.account } as const;
    const listener = await listen({ relay: `http://127.0.0.1:${proxy.port}`, ...options });
    listener.setGuilds(3);
    await guildsAre(relay, podcast.id, 3);
    proxy.cut();
    await once(listener, 'listening');
    await guildsAre(relay, podcast.id, 3);
    listener.setGuilds(0);
    await guildsAre(relay, podcast.id, 0);
  });

  test('tells of guilds that come all at once in few events, the last number at last', async () => {
    const relay = await startTestRelay(manyLooks);
    const { podcast } = await host(relay);
    const options = { podcastId: podcast.id, stream: 'programme', account: relay.account } as const;
    const listener = await listen({ relay: relay.url, ...options });
    for (let guilds = 1; guilds <= 100; guilds += 1) listener.setGuilds(guilds);
    await guildsAre(relay, podcast.id, 100);
    expect(relay.count('close-4009')).toBe(0);
  });

  test('is told where guilds cannot be counted', async () => {
    const relay = await startTestRelay();
    const { podcast } = await host(relay);
    const listener = await listen({ relay: relay.url, podcastId: podcast.id });
    expect(() => listener.setGuilds(1)).toThrow('of a programme, or over UDP');
  });
});

describe('what a host takes back', () => {
  test.each([
    ['tracks over WebSocket', {}],
    ['tracks over UDP', { audio: 'udp' }],
  ] as const)('is told to listeners of %s by the SSRC of the speaker', async (_, more) => {
    const relay = await startTestRelay();
    const sender = await host(relay);
    const listener = await listen({ relay: relay.url, podcastId: sender.podcast.id, ...more });
    const retracted = once(listener, 'retracted');
    sender.retract(4_000_000_001);
    expect(await retracted).toEqual([4_000_000_001]);
  });

  test('is told to listeners of the programme by the SSRC of that', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay);
    const listener = await listen({ relay: relay.url, podcastId: sender.podcast.id, stream: 'programme' });
    const [frame] = await framesOf(listener, 1);
    const retracted = once(listener, 'retracted');
    sender.retract(7);
    expect(await retracted).toEqual([frame?.rtp?.ssrc]);
  });

  test('is told once the connection is back, when there was none', async () => {
    const relay = await startTestRelay();
    const proxy = await proxyTo(relay.port);
    const sender = await host(relay, proxy.port);
    const listener = await listen({ relay: relay.url, podcastId: sender.podcast.id });
    const retracted = once(listener, 'retracted');
    proxy.cut();
    await once(sender, 'interrupted');
    sender.retract(7);
    expect(await retracted).toEqual([7]);
  });
});
