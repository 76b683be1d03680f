import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type OpusFrame, type PodcastHost, hostPodcast } from '../../src/client/podcast-host.ts';
import { type HeardFrame, PodcastListener } from '../../src/client/podcast-listener.ts';
import { getPodcast } from '../../src/client/rest-client.ts';
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import type { Ending } from '../../src/client/relay-socket.ts';
import { proxyTo } from '../support/cuttable-proxy.ts';
import { type TestRelay, startTestRelay } from '../support/test-relay.ts';

function frame(number: number): OpusFrame {
  const opus = Buffer.from([0xfc, number >> 8, number & 0xff, 7]);
  return { opus, sequence: (65_530 + number) & 0xffff, timestamp: number * 960, ssrc: 4242 };
}

async function host(relay: TestRelay, description = {}, port: number = relay.port): Promise<PodcastHost> {
  const { account } = relay;
  const podcastHost = await hostPodcast({ relay: `http://127.0.0.1:${port}`, account, description });
  onTestFinished(() => podcastHost.close());
  return podcastHost;
}

interface Listening {
  readonly listener: PodcastListener;
  readonly frames: HeardFrame[];
  /** Resolves when so many frames have come. */
  readonly heard: (count: number) => Promise<void>;
}

async function listen(
  relay: TestRelay,
  podcastId: number,
  more: { listenKey?: string; port?: number } = {},
): Promise<Listening> {
  const { port = relay.port, ...options } = more;
  const listener = new PodcastListener({ relay: `http://127.0.0.1:${port}`, podcastId, ...options });
  onTestFinished(() => listener.close());
  const frames: HeardFrame[] = [];
  listener.on('frame', (heard) => frames.push(heard));
  await once(listener, 'listening');
  return {
    listener,
    frames,
    heard: async (count) => {
      while (frames.length < count) await once(listener, 'frame');
    },
  };
}

/** What a listener is told of a podcast until something is so. */
async function factsUntil(
  listener: PodcastListener,
  isSo: (facts: PodcastFacts) => boolean,
): Promise<PodcastFacts> {
  for (;;) {
    const [facts] = (await once(listener, 'podcast')) as [PodcastFacts];
    if (isSo(facts)) return facts;
  }
}

describe('a host that names speakers', () => {
  const ANN = { ssrc: 7, name: 'Ann' };

  test('tells them to listeners with events, with its title and guild', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay, { title: 'T', guild: 'Knitters' });
    sender.nameSpeakers([ANN]);
    const { id: podcastId } = sender.podcast;
    const listener = new PodcastListener({ relay: relay.url, podcastId, stream: 'programme' });
    onTestFinished(() => listener.close());
    listener.once('podcast', () => relay.clock.advance(1000));
    expect(await factsUntil(listener, ({ speakers }) => speakers.length > 0)).toMatchObject({
      state: 'live',
      title: 'T',
      guild: 'Knitters',
      listeners: 1,
      speakers: [ANN],
    });
  });

  test('takes a name back with its voice', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay);
    sender.nameSpeakers([ANN, { ssrc: 8, name: 'Ben' }]);
    const listener = new PodcastListener({ relay: relay.url, podcastId: sender.podcast.id, audio: 'udp' });
    onTestFinished(() => listener.close());
    listener.on('podcast', () => setImmediate(() => relay.clock.advance(1000)));
    await factsUntil(listener, ({ speakers }) => speakers.length === 2);
    sender.retract(8);
    listener.on('retracted', () => relay.clock.advance(0));
    expect(await factsUntil(listener, ({ speakers }) => speakers.length < 2)).toMatchObject({
      speakers: [ANN],
    });
  });

  test('says so again when it is back', async () => {
    const relay = await startTestRelay();
    const proxy = await proxyTo(relay.port);
    const sender = await host(relay, {}, proxy.port);
    const { id: podcastId } = sender.podcast;
    sender.nameSpeakers([ANN]);
    proxy.cut();
    sender.nameSpeakers([ANN, { ssrc: 8, name: 'Ben' }]);
    await once(sender, 'live');
    const listener = new PodcastListener({ relay: relay.url, podcastId, audio: 'udp' });
    onTestFinished(() => listener.close());
    listener.on('podcast', () => setImmediate(() => relay.clock.advance(1000)));
    await factsUntil(listener, ({ speakers }) => speakers.map(({ name }) => name).join() === 'Ann,Ben');
  });
});

describe('a host and a listener', () => {
  test('bring every frame across, byte for byte, with its sequence, timestamp and SSRC', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay);
    const { frames, heard } = await listen(relay, sender.podcast.id);
    for (let number = 0; number < 300; number++) expect(sender.send(frame(number))).toBe(true);
    await heard(300);
    expect(frames).toEqual(
      Array.from({ length: 300 }, (_, number) => {
        const { opus, ...rtp } = frame(number);
        return { opus: Uint8Array.from(opus), rtp };
      }),
    );
  });

  test('end together: the listener is told that the host left', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay);
    const { listener } = await listen(relay, sender.podcast.id);
    const ended = once(listener, 'ended');
    await sender.close();
    expect(await ended).toEqual([{ code: 4003, reason: expect.stringContaining('over') }]);
  });

  test('need the key where the podcast is private', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay, { visibility: 'private', title: 'Between us' });
    const { listen_key: listenKey, title } = await getPodcast(relay.url, sender.podcast.id, relay.account);
    expect(title).toBe('Between us');
    const { heard } = await listen(relay, sender.podcast.id, { listenKey: listenKey! });
    sender.send(frame(1));
    await heard(1);
    const stranger = new PodcastListener({
      relay: relay.url,
      podcastId: sender.podcast.id,
      listenKey: 'wrong',
    });
    const [{ code }] = (await once(stranger, 'ended')) as [Ending];
    // Whether there is such a podcast is nobody's business who has no key.
    expect(code).toBe(4006);
  });
});

describe('what a host refuses to send', () => {
  test('is counted by its reason, and costs nothing else', async () => {
    const relay = await startTestRelay();
    const sender = await host(relay);
    const { frames, heard } = await listen(relay, sender.podcast.id);
    const encrypted = Buffer.concat([Buffer.alloc(40, 1), Buffer.from([12, 0xfa, 0xfa])]);
    expect(sender.send({ ...frame(1), opus: encrypted })).toBe(false);
    expect(sender.send({ ...frame(1), opus: Buffer.alloc(0) })).toBe(false);
    expect(sender.send({ ...frame(1), opus: Buffer.alloc(1276) })).toBe(false);
    expect(sender.send(frame(2))).toBe(true);
    await heard(1);
    expect(frames[0]?.rtp?.timestamp).toBe(2 * 960);
    expect(sender.drops).toMatchObject({ 'still-encrypted': 1, 'not-opus': 2 });
  });
});

describe('a host whose connection is cut', () => {
  test('comes back to the same podcast and key, and its listeners hear on', async () => {
    const relay = await startTestRelay();
    const proxy = await proxyTo(relay.port);
    const sender = await host(relay, {}, proxy.port);
    const { frames, heard } = await listen(relay, sender.podcast.id);
    sender.send(frame(1));
    await heard(1);
    const live = once(sender, 'live');
    proxy.cut();
    await once(sender, 'interrupted');
    expect(sender.send(frame(2))).toBe(false);
    await live;
    sender.send(frame(3));
    await heard(2);
    expect(frames.map(({ rtp }) => rtp?.timestamp)).toEqual([960, 3 * 960]);
    expect(sender.drops['not-connected']).toBe(1);
    expect((await getPodcast(relay.url, sender.podcast.id)).listeners).toBe(1);
  });

  test('ends its podcast also while it is not connected', async () => {
    const relay = await startTestRelay();
    const proxy = await proxyTo(relay.port);
    const sender = await host(relay, {}, proxy.port);
    const { listener } = await listen(relay, sender.podcast.id);
    const ended = once(listener, 'ended');
    const interrupted = once(sender, 'interrupted');
    proxy.cut();
    await interrupted;
    await sender.close();
    expect(await ended).toEqual([{ code: 4003, reason: 'The host ended the podcast.' }]);
  });

  test('hears that it is over when it could not come back in time', async () => {
    const relay = await startTestRelay({ resumeSeconds: 0.2 });
    const proxy = await proxyTo(relay.port);
    const sender = await host(relay, {}, proxy.port);
    const ended = once(sender, 'ended');
    proxy.refuse(true);
    proxy.cut();
    const [{ code }] = (await ended) as [Ending];
    expect(code).toBe(1006);
  });
});

describe('a listener whose connection is cut', () => {
  test('comes back by itself and hears on', async () => {
    const relay = await startTestRelay();
    const proxy = await proxyTo(relay.port);
    const sender = await host(relay);
    const { listener, frames, heard } = await listen(relay, sender.podcast.id, { port: proxy.port });
    const back = once(listener, 'listening');
    proxy.cut();
    await back;
    sender.send(frame(9));
    await heard(1);
    expect(frames[0]?.rtp?.timestamp).toBe(9 * 960);
  });

  test('does not come back to a podcast that there is not', async () => {
    const relay = await startTestRelay();
    const listener = new PodcastListener({ relay: relay.url, podcastId: 1 });
    const [{ code, reason }] = (await once(listener, 'ended')) as [Ending];
    expect(code).toBe(4006);
    expect(reason).toContain('no podcast');
  });
});

describe('hosting where it cannot be', () => {
  test('a wrong secret is refused in words', async () => {
    const relay = await startTestRelay();
    const account = { id: relay.account.id, secret: 'wrong' };
    await expect(hostPodcast({ relay: relay.url, account })).rejects.toMatchObject({
      status: 401,
      code: 'invalid_auth',
    });
  });

  test('a relay that is not there is refused in words, with its address', async () => {
    const relay = await startTestRelay();
    await relay.close();
    await expect(hostPodcast({ relay: relay.url, account: relay.account })).rejects.toThrow(
      `The relay at ${relay.url} does not answer`,
    );
  });
});
