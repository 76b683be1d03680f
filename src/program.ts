/** Puts the parts together: accounts, relay, bot; and takes them down in reverse. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { podcast } from '../commands/podcast.ts';
import { showButtons } from '../commands/show-buttons.ts';
import { type Bot, startBot } from './bot/bot.ts';
import { IN_MEMORY } from './bot/store/bot-database.ts';
import { openBotStore } from './bot/store/bot-store.ts';
import { VOICE_TIMINGS, type VoiceTimings } from './bot/voice/voice-session.ts';
import type { Config } from './config.ts';
import { openAccounts } from './open-accounts.ts';
import { ownAccount } from './own-account.ts';
import { type Relay, startRelay } from './relay/relay.ts';

/** Which Discord the bot talks to. */
export interface DiscordAccess {
  readonly token: string;
  /** The REST API; the real Discord's when absent. */
  readonly api?: string | undefined;
  /** A Discord that will not be there next time: nothing of it is written down. */
  readonly isPassing?: boolean | undefined;
}

export interface Program {
  readonly relay: Relay;
  readonly bot: Bot;
  /** Ends the shows, tells the listeners, closes everything. */
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
    let bot: Bot | undefined;
    const relay = await startRelay({ ...config, accounts, log, isReady: () => bot?.isReady() ?? false });
    started.push(() => relay.close());
    const store = openBotStore(discord.isPassing ? IN_MEMORY : join(config.dataDir, 'bot.db'));
    started.push(() => store.close());
    bot = await startBot({
      ...discord,
      relay: relay.url,
      account: await ownAccount(accounts),
      commands: [podcast],
      buttons: [showButtons],
      store,
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
