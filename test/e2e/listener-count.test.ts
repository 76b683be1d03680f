import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { PodcastListener } from '../../src/client/podcast-listener.ts';
import { getPodcast } from '../../src/client/rest-client.ts';
import { podcast } from '../support/commands.ts';
import { playlistBehind } from '../support/hls-playlist.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { eventually, goOnAir, startWorld } from '../support/on-air.ts';
import { panelIn } from '../support/show-panel.ts';

/** Reads a stream until the test has finished. */
async function playsRadio(link: string): Promise<void> {
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const { body } = await fetch(link, { signal: stopping.signal });
  void body?.pipeTo(new WritableStream()).catch(() => undefined);
}

/** Asks for its playlist as players do, until the test has finished. */
async function playsHls(link: string): Promise<void> {
  const playlist = await playlistBehind(link);
  const ask = async (): Promise<unknown> => (await fetch(playlist)).text();
  await ask();
  const asking = setInterval(() => void ask().catch(() => undefined), 2000);
  onTestFinished(() => clearInterval(asking));
}

test('one listener of each kind is as many in the podcast object, for listeners, in the panel and in the answers', async () => {
  const world = await startWorld();
  const { relay, bot } = world.program;
  // The listener that comes with it hears by WebSocket.
  const { channel, broadcast, host } = await goOnAir(world, world.guild.addVoiceChannel('round table'));
  const { id: podcastId } = broadcast.podcast;
  const choir = world.discord.addGuild('Choir');
  const ben = choir.addPerson('Ben');
  await ben.join(choir.addVoiceChannel('stalls'));
  await podcast(world, ben, 'listen', { podcast: String(podcastId) });
  const listener = new PodcastListener({ relay: relay.url, podcastId, audio: 'udp' });
  onTestFinished(() => listener.close());
  await once(listener, 'listening');
  const page = new NaiveUdpClient(
    `${relay.url.replace('http', 'ws')}/listen?id=${podcastId}&audio=websocket&from=page&events=all`,
  );

  const link = `${relay.url}/p/${podcastId}`;
  await playsRadio(`${link}/live.mp3`);
  await playsHls(`${link}/live.m3u8`);

  const by = { websocket: 1, udp: 1, guilds: 1, page: 1, radio: 1, hls: 1 };
  const expected = { listeners: 6, listeners_by: by };
  await eventually('listeners are told', () => {
    const told = page.messages.findLast(({ t }) => t === 8)?.data;
    return isDeepStrictEqual(
      { listeners: told?.['listeners'], listeners_by: told?.['listeners_by'] },
      expected,
    );
  });
  expect(await getPodcast(relay.url, podcastId)).toMatchObject(expected);
  expect(await broadcast.listeners()).toBe(6);
  const panel = await panelIn(world, channel);
  const line = 'Listening: 6 (1 server · 1 on the page · 2 apps · 1 by radio · 1 by HLS)';
  await eventually('the panel says so', () => panel.text.includes(line));
  expect((await podcast(world, host, 'status')).content).toContain('6 listeners');
  expect((await podcast(world, host, 'list')).content).toContain('6 listeners');
  expect(bot.audiences.of(choir.id)).toBeDefined();
});
