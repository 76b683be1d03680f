/** After a restart: goes back to what was on air when the program ended, be it that it was stopped or that it crashed. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import { type Account, RestError, deletePodcast } from '../client/rest-client.ts';
import type { RestErrorCode } from '../protocol/rest.ts';
import type { Broadcasts } from './broadcast/broadcasts.ts';
import { reasonNotToJoin } from './permissions.ts';
import { Refusal } from './refusal.ts';
import { staggerMs } from './stagger.ts';
import type { ShowTable, StoredShow } from './store/show-table.ts';

export interface GoingOnOptions {
  readonly client: Client<true>;
  readonly broadcasts: Pick<Broadcasts, 'assertFree' | 'takeUp'>;
  readonly shows: Pick<ShowTable, 'all' | 'forget'>;
  readonly relay: string;
  readonly account: Account;
  readonly log: Logger;
  /** Aborted when the program ends again: what has not been taken up by then is left for the next start. */
  readonly signal: AbortSignal;
}

/** What passes: a relay that starts as well, or that has been asked too often in a minute. */
const PASSING: readonly (RestErrorCode | 'unreachable')[] = ['unreachable', 'rate_limited', 'not_ready'];
const TRY_AGAIN_MS = 5000;
const TRIES = 12;

/** Takes up every stored show; what cannot be taken up is ended, and one line in the log says why. Never rejects. */
export async function goOn(options: GoingOnOptions): Promise<void> {
  const { shows, log, signal } = options;
  const goOnWith = async (show: StoredShow, index: number): Promise<void> => {
    try {
      await pause(staggerMs(index), undefined, { signal });
      await takeUp(options, show);
    } catch (error) {
      if (!signal.aborted) await abandon(options, show, error);
    }
  };
  try {
    await Promise.all(shows.all().map(goOnWith));
  } catch (error) {
    log.error({ err: error }, 'cannot go on with what was on air');
  }
}

async function takeUp(options: GoingOnOptions, show: StoredShow): Promise<void> {
  const { broadcasts, signal } = options;
  const channel = channelOf(options, show);
  for (let tries = 1; ; tries += 1) {
    try {
      await broadcasts.takeUp(channel, show);
      return;
    } catch (error) {
      const isPassing = error instanceof RestError && PASSING.includes(error.code);
      if (!isPassing || tries === TRIES) throw error;
    }
    await pause(TRY_AGAIN_MS, undefined, { signal });
  }
}

/** @throws Refusal when the bot cannot go back there */
function channelOf({ client }: GoingOnOptions, { guildId, channelId }: StoredShow): VoiceBasedChannel {
  const guild = client.guilds.cache.get(guildId);
  const channel = guild?.channels.cache.get(channelId);
  const { me } = guild?.members ?? {};
  if (!me || !channel?.isVoiceBased()) throw new Refusal('The channel is gone.');
  const reason = reasonNotToJoin(channel, me);
  if (reason) throw new Refusal(reason);
  return channel;
}

async function abandon(options: GoingOnOptions, show: StoredShow, error: unknown): Promise<void> {
  const { client, broadcasts, shows, relay, account, log } = options;
  const { guildId, channelId, podcastId } = show;
  const why = error instanceof Error ? error.message : String(error);
  log.warn({ podcast: podcastId, guild: guildId, why }, 'a show does not go on after the restart');
  // A podcast that waits for its host keeps its listeners waiting. One that is over already cannot be ended.
  await deletePodcast(relay, podcastId, account).catch(() => {});
  try {
    broadcasts.assertFree(guildId);
  } catch {
    // Something else is on air here by now: the row and the channel are its.
    return;
  }
  shows.forget(guildId);
  const channel = client.channels.cache.get(channelId);
  if (channel?.isSendable()) await channel.send(`The podcast is over. ${why}`).catch(() => {});
}
