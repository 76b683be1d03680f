/** The Discord bot: logs in, registers its commands, keeps the shows, leaves cleanly. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  Client,
  type DiscordAPIError,
  Events,
  GatewayIntentBits,
  RESTEvents,
  Status,
  type VoiceState,
} from 'discord.js';
import type { Logger } from 'pino';
import { Audiences } from './audience/audiences.ts';
import { PodcastDirectory } from './audience/podcast-directory.ts';
import { Broadcasts, type BroadcastsOptions } from './broadcast/broadcasts.ts';
import { Consent } from './consent/consent.ts';
import { goOn } from './going-on.ts';
import { GuildSeats } from './guild-seats.ts';
import { type Interactive, handleInteractions } from './interactions.ts';
import { VoiceStatuses } from './marker/voice-statuses.ts';
import { inviteUrl } from './permissions.ts';
import type { BotStore } from './store/bot-store.ts';
import { systemClock } from './system-clock.ts';

export interface BotOptions extends Omit<BroadcastsOptions, 'consent' | 'statuses' | 'shows'>, Interactive {
  /** Whoever opened it closes it, after the bot. */
  readonly store: BotStore;
  readonly token: string;
  /** Discord's REST API; the real one when absent. */
  readonly api?: string | undefined;
  /** What is on air and what plays goes on after a restart; otherwise it ends with the process. */
  readonly goesOn: boolean;
  /** 32 bytes: seals what is secret where it is kept. */
  readonly storageKey: Uint8Array;
  readonly log: Logger;
}

export interface Bot {
  readonly broadcasts: Broadcasts;
  readonly audiences: Audiences;
  /** With which somebody adds this bot to a guild. */
  readonly inviteUrl: string;
  /** Connected to Discord's gateway right now. */
  isReady(): boolean;
  /** Ends every show, or leaves those that go on after a restart; leaves every channel, logs out. */
  close(): Promise<void>;
}

const LAST_ANSWERS_MS = 1200;

/** Resolves when the bot is logged in and its commands are registered. @throws Error with a sentence */
export async function startBot(options: BotOptions): Promise<Bot> {
  const { token, api, commands, store, log } = options;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
    // A show's title is anybody's text: it must not ring for a whole server.
    allowedMentions: { parse: [] },
    ...(api ? { rest: { api } } : {}),
  });
  const seats = new GuildSeats(log);
  const consent = new Consent(store.consent);
  const statuses = new VoiceStatuses(client);
  const shows = options.goesOn ? store.shows : undefined;
  const broadcasts = new Broadcasts({ ...options, consent, statuses, shows }, seats);
  const closing = new AbortController();
  const directory = new PodcastDirectory(options.relay, options.account, broadcasts);
  const kept = options.goesOn ? store.audiences : undefined;
  const audiences = new Audiences({ ...options, kept }, seats, directory);
  watch(client, seats, log);
  client.on(Events.GuildDelete, ({ id }) => audiences.guildLeft(id));
  const ready = new Promise<Client<true>>((resolve) => void client.once(Events.ClientReady, resolve));
  try {
    await client.login(token);
    const readyClient = await ready;
    const { application } = readyClient;
    const interrupted = {
      broadcasts,
      audiences,
      seats,
      statuses,
      signal: closing.signal,
      clock: systemClock,
    };
    // Before the first command is taken: by then its seats are reserved.
    if (options.goesOn) void goOn({ ...options, ...interrupted, client: readyClient });
    const invite = inviteUrl(application.id);
    const reach = { broadcasts, audiences, directory, consent, inviteUrl: invite };
    const answered = handleInteractions(client, options, reach, log);
    await application.commands.set(commands.map((command) => command.json));
    log.info({ guilds: client.guilds.cache.size }, 'logged in to Discord');
    return {
      broadcasts,
      audiences,
      inviteUrl: invite,
      isReady: () => client.isReady() && client.ws.status === Status.Ready,
      close: async () => {
        // Who waits for a show that begins is told that it will not, if Discord is not too slow for that.
        const soon = pause(LAST_ANSWERS_MS, undefined, { ref: false });
        closing.abort();
        const stopped = options.goesOn
          ? seats.close(({ voice }) => voice.restarting, 'suspend')
          : seats.close(({ voice }) => voice.shuttingDown, 'stop');
        await Promise.all([stopped, Promise.race([answered(), soon])]);
        // The gateway goes down because we say so: nothing to warn of.
        client.removeAllListeners();
        await client.destroy();
      },
    };
  } catch (error) {
    await client.destroy();
    throw new Error(sentenceOf(error), { cause: error });
  }
}

function watch(client: Client, seats: GuildSeats, log: Logger): void {
  client.on(Events.Error, (error) => log.error({ err: error }, 'Discord client'));
  client.on(Events.Warn, (warning) => log.warn(warning));
  client.on(Events.ShardDisconnect, ({ code }) => log.error({ code }, 'Discord closed the gateway for good'));
  client.on(Events.ShardReconnecting, () => log.warn('Discord gateway lost, reconnecting'));
  client.on(Events.ShardReady, (shard) => seats.gatewayIsBack(shard, true));
  client.on(Events.ShardResume, (shard, replayed) => {
    log.info({ replayed }, 'Discord gateway resumed');
    seats.gatewayIsBack(shard, false);
  });
  client.rest.on(RESTEvents.RateLimited, ({ route, timeToReset }) => {
    log.warn({ route, ms: timeToReset }, 'rate limited by Discord');
  });
  client.on(Events.VoiceStateUpdate, (before: VoiceState, after: VoiceState) => {
    seats.voiceStateChanged(before, after);
  });
  client.on(Events.ChannelDelete, (channel) => {
    if (!channel.isDMBased()) seats.channelDeleted(channel.guildId, channel.id);
  });
  client.on(Events.GuildDelete, (guild) => seats.guildLeft(guild.id));
}

function sentenceOf(error: unknown): string {
  const { code, message } = error as DiscordAPIError | (Error & { code?: string });
  if (code === 'TokenInvalid' || code === 0) {
    return 'Discord does not accept the token: copy it anew from https://discord.com/developers/applications (Bot → Reset Token) into DISCORD_TOKEN.';
  }
  return `The bot could not log in to Discord: ${message}`;
}
