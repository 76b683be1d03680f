/** After a restart: goes back to what was on air when the program ended, be it that it was stopped or that it crashed. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import { type Account, RestError, deletePodcast } from '../client/rest-client.ts';
import type { RestErrorCode } from '../protocol/rest.ts';
import type { Broadcasts } from './broadcast/broadcasts.ts';
import { takeOffEarlierMarks } from './marker/on-air-marker.ts';
import { lostPanel } from './panel/panel-view.ts';
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
function channelOf({ client }: GoingOnOptions, show: StoredShow): VoiceBasedChannel {
  const { guild, channel } = placeOf(client, show);
  const { me } = guild?.members ?? {};
  if (!me || !channel) throw new Refusal('The channel is gone.');
  const reason = reasonNotToJoin(channel, me);
  if (reason) throw new Refusal(reason);
  return channel;
}

function placeOf(client: Client, { guildId, channelId }: StoredShow) {
  const guild = client.guilds.cache.get(guildId);
  const channel = guild?.channels.cache.get(channelId);
  return { guild, channel: channel?.isVoiceBased() ? channel : undefined };
}

async function abandon(options: GoingOnOptions, show: StoredShow, error: unknown): Promise<void> {
  const { broadcasts, shows, relay, account, log } = options;
  const { guildId, podcastId } = show;
  const why = error instanceof Error ? error.message : String(error);
  log.warn({ podcast: podcastId, guild: guildId, why }, 'a show does not go on after the restart');
  // A podcast that waits for its host keeps its listeners waiting. One that is over already cannot be ended.
  await deletePodcast(relay, podcastId, account).catch(() => {});
  try {
    broadcasts.assertFree(guildId);
  } catch {
    // Something else is on air here by now: the row, the marks and the channel are its.
    return;
  }
  shows.forget(guildId);
  await tidyUp(options, show, `The podcast is over. ${why}`);
}

/** The channel is told, its marks come off, and the panel is closed. */
async function tidyUp({ client }: GoingOnOptions, show: StoredShow, sentence: string): Promise<void> {
  const { panelMessageId, previousNickname: nickname, previousStatus: status } = show;
  const { guild, channel } = placeOf(client, show);
  await Promise.allSettled([
    guild && takeOffEarlierMarks(guild, channel, { nickname, status }),
    channel && panelMessageId !== null && channel.messages.edit(panelMessageId, lostPanel(sentence)),
    channel?.send(sentence),
  ]);
}
