import { Routes, type Client } from 'discord.js';
import { expect, test } from 'vitest';
import type { Channel } from '../../simulator/channel.ts';
import type { SimulatedDiscord } from '../../simulator/discord.ts';
import { RateLimit } from '../../simulator/rest/rate-limit.ts';
import { logIn, onInteraction, startDiscord } from '../support/sim-bot.ts';

interface Scene {
  readonly discord: SimulatedDiscord;
  readonly text: Channel;
  readonly client: Client<true>;
  /** Writes into the channel. */
  readonly post: (content: string) => Promise<unknown>;
}

async function withBot(): Promise<Scene> {
  const discord = await startDiscord();
  const text = discord.addGuild('Guild').addTextChannel('chat');
  const client = await logIn(discord);
  const post = async (content: string): Promise<unknown> =>
    await client.rest.post(Routes.channelMessages(text.id), { body: { content } });
  return { discord, text, client, post };
}

test('what is held happens when it is let go on, and not before', async () => {
  const { discord, text, post } = await withBot();
  const held = discord.rest.hold(/^POST \/channels\/\d+\/messages$/u);
  const posted = post('late');
  expect(await held.asked).toMatchObject({ method: 'POST', body: { content: 'late' } });
  expect(held.waiting).toHaveLength(1);
  expect(discord.messagesIn(text)).toEqual([]);
  held.release();
  await posted;
  await post('at once');
  expect(discord.messagesIn(text).map(({ content }) => content)).toEqual(['late', 'at once']);
});

test('what is held does not stop the rest', async () => {
  const { discord, text, client, post } = await withBot();
  const held = discord.rest.hold(({ method }) => method === 'POST');
  const posted = post('late');
  await held.asked;
  await client.rest.get(Routes.channel(text.id));
  held.release();
  await posted;
});

test('requests fail as often as is said, and then no more', async () => {
  const { discord, text, post } = await withBot();
  const failing = discord.rest.fail(403, { code: 50_001, message: 'Missing Access' }, 2, /^POST/u);
  await expect(post('first')).rejects.toMatchObject({ status: 403, code: 50_001, message: 'Missing Access' });
  await expect(post('second')).rejects.toMatchObject({ status: 403 });
  await post('third');
  expect(failing.refused).toBe(2);
  expect(discord.messagesIn(text).map(({ content }) => content)).toEqual(['third']);
  expect(discord.requests.filter(({ status }) => status === 403)).toHaveLength(2);
});

test('discord.js tries again after a 5xx, three times', async () => {
  const { discord, text, post } = await withBot();
  discord.rest.fail(503, { message: 'down' }, 3);
  await post('through');
  expect(discord.messagesIn(text)).toHaveLength(1);
  const down = discord.rest.fail(503, { message: 'down' });
  await expect(post('lost')).rejects.toMatchObject({ status: 503 });
  expect(down.refused).toBe(4);
  down.lift();
  await post('through again');
});

test('delays are as long as is said', async () => {
  const { discord, client, text, post } = await withBot();
  discord.rest.delay(({ method }) => (method === 'POST' ? 100 : 0));
  const startMs = performance.now();
  await post('slow');
  expect(performance.now() - startMs).toBeGreaterThan(99);
  discord.rest.delay(0);
  await client.rest.get(Routes.channel(text.id));
});

test('discord.js keeps to a limit that it is told of, and waits out one that it is not', async () => {
  const { discord, text, post } = await withBot();
  const announced = discord.rest.limit(/messages$/u, { requests: 2, perMs: 200 });
  for (let message = 0; message < 4; message += 1) await post(`announced ${message}`);
  expect(announced.refused).toBe(0);
  announced.lift();
  for (const isGlobal of [false, true]) {
    const limit = discord.rest.limit(/messages$/u, {
      requests: 0,
      perMs: 100,
      isUnannounced: true,
      isGlobal,
    });
    const posted = post('unannounced');
    await expect.poll(() => limit.refused).toBeGreaterThan(0);
    limit.lift();
    await posted;
  }
  expect(discord.messagesIn(text)).toHaveLength(6);
  expect(discord.requests.filter(({ status }) => status === 429).length).toBeGreaterThan(1);
});

test('each channel has a limit of its own, which begins anew when its time is over', () => {
  const limit = new RateLimit({ requests: 1, perMs: 1000 });
  expect(limit.take('/channels/1/messages', 0)).toEqual({
    headers: {
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset-after': '1',
      'x-ratelimit-bucket': expect.stringMatching(/^[\da-f]{16}$/u),
    },
  });
  expect(limit.take('/channels/2/messages', 0).body).toBeUndefined();
  const refused = limit.take('/channels/1/messages', 250);
  expect(refused.body).toEqual({ message: 'You are being rate limited.', retry_after: 0.75, global: false });
  expect(refused.headers).toMatchObject({ 'retry-after': '0.75', 'x-ratelimit-scope': 'user' });
  expect(limit.take('/channels/1/messages', 1000).body).toBeUndefined();
  expect(limit.refused).toBe(1);
});

test('an answer that is held for too long comes too late', { timeout: 15_000 }, async () => {
  const { discord, text, client } = await withBot();
  const errors: unknown[] = [];
  onInteraction(client, async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.reply('late').catch((error: unknown) => errors.push(error));
  });
  await client.application.commands.set([{ name: 'ping', description: 'Answers' }]);
  const held = discord.rest.hold(/callback$/u);
  const ann = text.guild.addPerson('Ann');
  await expect(ann.command(text, 'ping')).rejects.toThrow('did not respond');
  held.release();
  await expect.poll(() => errors).toMatchObject([{ code: 10_062 }]);
});
