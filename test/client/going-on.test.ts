import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type OpusFrame, type PodcastHost, hostPodcast } from '../../src/client/podcast-host.ts';
import { PodcastListener, type PodcastListenerOptions } from '../../src/client/podcast-listener.ts';
import { EndedError } from '../../src/client/relay-socket.ts';
import { RestError } from '../../src/client/rest-client.ts';
import { openPodcastStore } from '../../src/relay/podcast-store.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { type TestRelay, startTestRelay } from '../support/test-relay.ts';

function frame(words: string): OpusFrame {
  return { opus: Buffer.from(`\xfc${words}`, 'latin1'), sequence: 1, timestamp: 960, ssrc: 4242 };
}

/** A relay that can be started again: same port, same store, same account. */
async function startRelayOver(podcastStore = openPodcastStore(':memory:', new Uint8Array(32).fill(7))) {
  const relay = await startTestRelay({ podcastStore });
  return {
    relay,
    again: async (): Promise<TestRelay> => {
      const { accounts, account, port } = relay;
      return {
        ...(await startTestRelay({ podcastStore, accounts, port, clock: new ManualClock() })),
        account,
      };
    },
  };
}

/** Resolves when somebody has tried to connect to the port and could not. */
async function turnAwayOnce(port: number): Promise<void> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'connection');
  await new Promise((resolve) => server.close(resolve));
}

async function suspended(sender: PodcastHost): Promise<number> {
  await sender.suspend();
  return sender.podcast.id;
}

async function takeUp({ url, account }: TestRelay, podcastId: number): Promise<PodcastHost> {
  const sender = await hostPodcast({ relay: url, account, podcastId });
  onTestFinished(() => sender.close());
  return sender;
}

async function listen(options: PodcastListenerOptions) {
  const listener = new PodcastListener(options);
  onTestFinished(() => listener.close());
  const heard: string[] = [];
  listener.on('frame', ({ opus }) => heard.push(Buffer.from(opus).toString('latin1').slice(1)));
  await once(listener, 'listening');
  return {
    listener,
    heard,
    hears: async (words: string): Promise<void> => {
      while (!heard.includes(words)) await once(listener, 'frame');
    },
  };
}

describe('a podcast that its host suspends', () => {
  test('waits for the host, and is taken up under its id and key: the listener hears on', async () => {
    const relay = await startTestRelay();
    const sender = await hostPodcast({ relay: relay.url, account: relay.account });
    const ear = await listen({ relay: relay.url, podcastId: sender.podcast.id });
    const id = await suspended(sender);
    await relay.logged('podcast interrupted');
    const again = await takeUp(relay, id);
    again.send(frame('on it goes'));
    await ear.hears('on it goes');
    expect(again.podcast.id).toBe(id);
  });

  test('keeps its listen key, which the host is told anew', async () => {
    const relay = await startTestRelay();
    const { account, url } = relay;
    const sender = await hostPodcast({ relay: url, account, description: { visibility: 'private' } });
    const again = await takeUp(relay, await suspended(sender));
    expect(again.podcast.listen_key).toBe(sender.podcast.listen_key);
  });

  test("is nobody else's to take up", async () => {
    const relay = await startTestRelay();
    const sender = await hostPodcast({ relay: relay.url, account: relay.account });
    const id = await suspended(sender);
    const other = await relay.accounts.add({ name: 'another host' });
    const theft = hostPodcast({ relay: relay.url, account: other, podcastId: id });
    await expect(theft).rejects.toThrow(EndedError);
    await expect(theft).rejects.toThrow('not the host of this podcast');
  });
});

test('a podcast that is over cannot be taken up', async () => {
  const relay = await startTestRelay();
  const sender = await hostPodcast({ relay: relay.url, account: relay.account });
  await sender.close();
  await expect(takeUp(relay, sender.podcast.id)).rejects.toThrow(RestError);
});

describe('a relay that is started again', () => {
  test.each(['websocket', 'udp'] as const)(
    'takes back who listens over %s, who then hears on',
    async (audio) => {
      const { relay, again } = await startRelayOver();
      const sender = await hostPodcast({ relay: relay.url, account: relay.account });
      const { id } = sender.podcast;
      const ear = await listen({ relay: relay.url, podcastId: id, audio });
      sender.send(frame('before'));
      await ear.hears('before');
      const interrupted = once(ear.listener, 'interrupted');
      await suspended(sender);
      await relay.close();
      expect(await interrupted).toEqual([expect.stringContaining('shutting down')]);
      const listening = once(ear.listener, 'listening');
      await turnAwayOnce(relay.port);
      const next = await again();
      const back = await takeUp(next, id);
      await listening;
      back.send(frame('after'));
      await ear.hears('after');
      expect(ear.heard).toEqual(['before', 'after']);
      expect(ear.listener.audio).toBe(audio);
      expect(ear.listener.unopened).toBe(0);
    },
  );

  test('takes back a host that did not go down with it, without a word of its owner', async () => {
    const { relay, again } = await startRelayOver();
    const sender = await hostPodcast({ relay: relay.url, account: relay.account });
    onTestFinished(() => sender.close());
    const live = once(sender, 'live');
    await relay.close();
    const next = await again();
    await live;
    const ear = await listen({ relay: next.url, podcastId: sender.podcast.id });
    sender.send(frame('after'));
    await ear.hears('after');
  });
});
