/** A discord.js bot on a simulated Discord, as small as can be: it logs in, joins calls and is cleaned up after a test. */
import { once } from 'node:events';
import { joinVoiceChannel, VoiceConnectionStatus, type VoiceConnection } from '@discordjs/voice';
import { Client, Events, GatewayIntentBits, type Interaction } from 'discord.js';
import { onTestFinished } from 'vitest';
import { SimulatedDiscord, type SimulatedDiscordOptions } from '../../simulator/discord.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { VoiceChannel } from '../../simulator/voice-channel.ts';
import { tapAudio, type AudioTap } from './sim-audio-tap.ts';

/** A simulated Discord that is closed when the test is over. */
export async function startDiscord(options?: SimulatedDiscordOptions): Promise<SimulatedDiscord> {
  const discord = await SimulatedDiscord.start(options);
  discord.trustCertificate();
  onTestFinished(async () => await discord.close());
  return discord;
}

/** Logs a bot in; it is logged out when the test is over. @param more intents beside the two that calls take */
export async function logIn(
  discord: SimulatedDiscord,
  more: readonly GatewayIntentBits[] = [],
): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates, ...more],
    rest: { api: discord.apiUrl },
  });
  onTestFinished(async () => await client.destroy());
  const ready = once(client, Events.ClientReady);
  await client.login(discord.botToken);
  await ready;
  if (!client.isReady()) throw new Error('the client says that it is not ready');
  return client;
}

/** Has the bot act on every interaction; what goes wrong there fails the test by the answer that is missing. */
export function onInteraction(client: Client, act: (interaction: Interaction) => Promise<unknown>): void {
  client.on(Events.InteractionCreate, (interaction) => void act(interaction));
}

export interface BotInCall {
  readonly connection: VoiceConnection;
  readonly tap: AudioTap;
}

/** Has the bot join a call, without waiting for it; its connection is destroyed when the test is over. */
export function enterCall(
  client: Client,
  guild: Guild,
  channel: VoiceChannel,
  options: { readonly daveEncryption?: boolean } = {},
): BotInCall {
  const cached = client.guilds.cache.get(guild.id);
  if (!cached) throw new Error(`the bot does not know ${guild.name}`);
  const connection = joinVoiceChannel({
    guildId: guild.id,
    channelId: channel.id,
    adapterCreator: cached.voiceAdapterCreator,
    selfDeaf: false,
    ...options,
  });
  onTestFinished(() => {
    if (connection.state.status !== VoiceConnectionStatus.Destroyed) connection.destroy();
  });
  return { connection, tap: tapAudio(connection) };
}

/** Has the bot join a call and waits until it can hear. */
export async function joinCall(client: Client, guild: Guild, channel: VoiceChannel): Promise<BotInCall> {
  const bot = enterCall(client, guild, channel);
  await channel.botJoined();
  return bot;
}
