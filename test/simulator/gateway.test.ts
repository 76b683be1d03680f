import { once } from 'node:events';
import { Client, Events, GatewayIntentBits } from 'discord.js';
import { expect, onTestFinished, test } from 'vitest';
import { joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

test.for([4000, 1006])(
  'a connection dropped with %i is resumed, and what happened meanwhile is told',
  async (code) => {
    const discord = await startDiscord();
    const guild = discord.addGuild('Guild');
    const voice = guild.addVoiceChannel('general');
    const ann = guild.addPerson('Ann');
    const client = await logIn(discord);
    await joinCall(client, guild, voice);
    const resumed = once(client, Events.ShardResume);
    discord.gateway.drop(code);
    ann.enter(voice);
    const [, replayed] = await resumed;
    expect(replayed).toBeGreaterThan(0);
    expect(client.guilds.cache.get(guild.id)?.voiceStates.cache.get(ann.id)?.channelId).toBe(voice.id);
    await voice.botJoined();
  },
);

test('an invalidated session is opened anew, outside every call', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const client = await logIn(discord);
  await joinCall(client, guild, voice);
  const ready = once(client, Events.ShardReady);
  discord.gateway.invalidateSession();
  await ready;
  expect(voice.occupants).toEqual([]);
  expect(discord.gateway.connected).toBe(1);
});

test('a wrong token is turned away', async () => {
  const discord = await startDiscord();
  const client = new Client({ intents: [], rest: { api: discord.apiUrl } });
  onTestFinished(async () => await client.destroy());
  await expect(client.login(`${discord.botToken}x`)).rejects.toThrow('An invalid token was provided.');
});

test('a bot without the voice state intent is told of nobody but itself', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.apiUrl } });
  onTestFinished(async () => await client.destroy());
  const ready = once(client, Events.ClientReady);
  await client.login(discord.botToken);
  await ready;
  await ann.join(voice);
  await joinCall(client, guild, voice);
  const { cache } = client.guilds.cache.get(guild.id)?.voiceStates ?? {};
  expect([...(cache?.keys() ?? [])]).toEqual([discord.bot.id]);
});

test('guilds, channels and permissions that change are told', async () => {
  const discord = await startDiscord();
  const client = await logIn(discord);
  const guild = discord.addGuild('Late');
  const text = guild.addTextChannel('chat');
  await expect.poll(() => client.channels.cache.has(text.id)).toBe(true);
  const cached = client.guilds.cache.get(guild.id);
  const me = cached?.members.me;
  const may = (): boolean | null | undefined =>
    me && cached?.channels.cache.get(text.id)?.permissionsFor(me)?.has('SendMessages');
  expect(may()).toBe(true);
  text.denyBot(['SendMessages']);
  await expect.poll(may).toBe(false);
  text.denyBot([]);
  await expect.poll(may).toBe(true);
  guild.setBotPermissions(['ViewChannel']);
  await expect.poll(may).toBe(false);
  guild.removeBot();
  await expect.poll(() => client.guilds.cache.size).toBe(0);
});
