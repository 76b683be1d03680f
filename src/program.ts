/** Puts the parts together: accounts, relay, bot; and takes them down in reverse. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { podcast } from '../commands/podcast.ts';
import { showButtons } from '../commands/show-buttons.ts';
import { type Bot, startBot } from './bot/bot.ts';
import { IN_MEMORY } from './bot/store/bot-database.ts';
import { openBotStore } from './bot/store/bot-store.ts';
import { VOICE_TIMINGS, type VoiceTimings } from './bot/voice/voice-timings.ts';
import type { Config } from './config.ts';
import { openAccounts } from './open-accounts.ts';
import { ownAccount } from './own-account.ts';
import { openPodcastStore } from './relay/podcast-store.ts';
import { type Relay, startRelay } from './relay/relay.ts';
import { storageKeyFrom } from './storage-key.ts';
import { assertWhole } from './whole-database.ts';

const BOT_LOSS =
  'Without it the bot forgets who said no to being broadcast and which servers ask everybody first: tell the people there.';
const PODCAST_LOSS = 'Without it podcasts that were on air do not go on.';

/** Which Discord the bot talks to. */
export interface DiscordAccess {
  readonly token: string;
  /** The REST API; the real Discord's when absent. */
  readonly api?: string | undefined;
  /** True when it ends with this process: there is nothing to go back to at the next start, so nothing is kept for it. */
  readonly isPassing?: boolean;
}

export interface Program {
  readonly relay: Relay;
  readonly bot: Bot;
  /** Leaves the shows, which go on at the next start, tells the listeners, closes everything. */
  stop(): Promise<void>;
}

/** @throws Error with a sentence when a part cannot start; whatever had started is closed again */
export async function startProgram(
  config: Config,
  discord: DiscordAccess,
  log: Logger,
  timings: VoiceTimings = VOICE_TIMINGS,
): Promise<Program> {
  const started: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of started.splice(0).toReversed()) await close();
  };
  try {
    const accounts = openAccounts(config.dataDir);
    started.push(() => accounts.close());
    const botFile = join(config.dataDir, 'bot.db');
    if (!discord.isPassing) assertWhole(botFile, BOT_LOSS);
    const store = openBotStore(discord.isPassing ? IN_MEMORY : botFile);
    started.push(() => store.close());
    let bot: Bot | undefined;
    const storageKey = storageKeyFrom(discord.token);
    const podcastFile = join(config.dataDir, 'podcasts.db');
    if (!discord.isPassing) assertWhole(podcastFile, PODCAST_LOSS);
    const podcastStore = discord.isPassing ? undefined : openPodcastStore(podcastFile, storageKey);
    if (podcastStore) started.push(() => podcastStore.close());
    const relay = await startRelay({
      ...config,
      accounts,
      podcastStore,
      log,
      isReady: () => bot?.isReady() ?? false,
    });
    started.push(() => relay.close());
    bot = await startBot({
      ...discord,
      relay: relay.url,
      account: await ownAccount(accounts),
      commands: [podcast],
      buttons: [showButtons],
      store,
      goesOn: !discord.isPassing,
      storageKey,
      timings: { ...timings, emptyChannelMs: config.emptyChannelMs },
      log,
    });
    const loggedIn = bot;
    started.push(() => loggedIn.close());
    return { relay, bot, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
