import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Client,
  GatewayDispatchEvents,
  GatewayIntentBits,
  GatewayOpcodes,
  type GatewayGuildCreateDispatch,
} from 'discord.js';
import { expect, onTestFinished, test } from 'vitest';
import type { SimulatedDiscord } from '../../simulator/discord.ts';
import { startChild, type Child } from '../support/child.ts';
import { enterCall, joinCall, logIn, startDiscord } from '../support/sim-bot.ts';

/** How a guild looks to a bot that has just logged in. */
async function guildAtLogin(discord: SimulatedDiscord): Promise<GatewayGuildCreateDispatch['d']> {
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: discord.apiUrl } });
  onTestFinished(async () => await client.destroy());
  const created = Promise.withResolvers<GatewayGuildCreateDispatch['d']>();
  client.ws.on(GatewayDispatchEvents.GuildCreate, (data: GatewayGuildCreateDispatch['d']) =>
    created.resolve(data),
  );
  await client.login(discord.botToken);
  return await created.promise;
}

test('a bot is stopped and started again, as often as one likes', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  for (let run = 0; run < 3; run += 1) {
    const client = await logIn(discord);
    const { tap, connection } = await joinCall(client, guild, voice);
    await ann.startSpeaking();
    const { opus } = ann.sendFrame(Buffer.from(`\x78run ${run}`, 'latin1'));
    await expect.poll(() => tap.frames).toMatchObject([{ opus }]);
    connection.destroy();
    await client.destroy();
    await expect.poll(() => voice.occupants).toEqual([ann.id]);
    expect(discord.gateway.connected).toBe(0);
  }
});

test('of a bot that was killed nothing is left when it is started again', { timeout: 60_000 }, async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const ann = guild.addPerson('Ann');
  await ann.join(voice);
  for (let run = 0; run < 2; run += 1) {
    const bot = startBotProcess(discord, { GUILD: guild.id, CHANNEL: voice.id });
    await voice.botJoined();
    bot.process.kill('SIGKILL');
    await bot.exited;
    await expect.poll(() => discord.gateway.connected).toBe(0);
    expect(voice.occupants).toContain(discord.bot.id);
  }
  const { voice_states, members, channels } = await guildAtLogin(discord);
  expect(voice_states.map(({ user_id }) => user_id)).toEqual([ann.id]);
  expect(members.map(({ user }) => user.id)).toEqual([discord.bot.id, ann.id]);
  expect(channels.map(({ id }) => id)).toEqual([voice.id]);
  await joinCall(await logIn(discord), guild, voice);
});

test(
  'who is started again before the earlier one was seen to go takes its place in the call',
  { timeout: 60_000 },
  async () => {
    const discord = await startDiscord();
    const guild = discord.addGuild('Guild');
    const voice = guild.addVoiceChannel('general');
    const ann = guild.addPerson('Ann');
    await ann.join(voice);
    const bot = startBotProcess(discord, { GUILD: guild.id, CHANNEL: voice.id });
    await voice.botJoined();
    const former = voice.botPeer;
    bot.process.kill('SIGSTOP');
    enterCall(await logIn(discord), guild, voice);
    await expect.poll(() => voice.botPeer ?? former).not.toBe(former);
    await voice.botJoined();
    expect(voice.occupants).toEqual([ann.id, discord.bot.id]);
    const { botPeer } = voice;
    bot.process.kill('SIGKILL');
    await expect.poll(() => discord.gateway.connected).toBe(1);
    expect(voice.botPeer).toBe(botPeer);
  },
);

test('a run that ends leaves a later run in its call', async () => {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const voice = guild.addVoiceChannel('general');
  const earlier = await logIn(discord);
  const wish = { guild_id: guild.id, channel_id: voice.id, self_mute: false, self_deaf: false };
  const ask = (channel_id: string | null): void =>
    earlier.ws.shards.first()?.send({ op: GatewayOpcodes.VoiceStateUpdate, d: { ...wish, channel_id } });
  ask(voice.id);
  await expect.poll(() => voice.occupants).toEqual([discord.bot.id]);
  await joinCall(await logIn(discord), guild, voice);
  const { botPeer } = voice;
  ask(null);
  await earlier.destroy();
  await expect.poll(() => discord.gateway.connected).toBe(1);
  expect(voice.botPeer).toBe(botPeer);
  expect(voice.occupants).toEqual([discord.bot.id]);
});

function startBotProcess(
  discord: SimulatedDiscord,
  room: { readonly GUILD: string; readonly CHANNEL: string },
): Child {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-discord-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const authority = join(folder, 'authority.pem');
  writeFileSync(authority, discord.certificateAuthority);
  const env = { API: discord.apiUrl, TOKEN: discord.botToken, NODE_EXTRA_CA_CERTS: authority, ...room };
  return startChild([fileURLToPath(new URL('../support/sim-bot-process.ts', import.meta.url))], env);
}
