import { once } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { PodcastListener } from '../../src/client/podcast-listener.ts';
import { getPodcast } from '../../src/client/rest-client.ts';
import { podcast } from '../support/commands.ts';
import { NaiveUdpClient } from '../support/naive-udp-client.ts';
import { eventually, goOnAir, startWorld } from '../support/on-air.ts';
import { panelIn } from '../support/show-panel.ts';

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

  const by = { websocket: 1, udp: 1, guilds: 1, page: 1, radio: 0, hls: 0 };
  const expected = { listeners: 4, listeners_by: by };
  await eventually('listeners are told', () => {
    const told = page.messages.findLast(({ t }) => t === 8)?.data;
    return isDeepStrictEqual(
      { listeners: told?.['listeners'], listeners_by: told?.['listeners_by'] },
      expected,
    );
  });
  expect(await getPodcast(relay.url, podcastId)).toMatchObject(expected);
  expect(await broadcast.listeners()).toBe(4);
  const panel = await panelIn(world, channel);
  const line = 'Listening: 4 (1 server · 1 on the page · 2 apps)';
  await eventually('the panel says so', () => panel.text.includes(line));
  expect((await podcast(world, host, 'status')).content).toContain('4 listeners');
  expect((await podcast(world, host, 'list')).content).toContain('4 listeners');
  expect(bot.audiences.of(choir.id)).toBeDefined();
});
