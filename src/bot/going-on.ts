/** After a restart: goes back to what was on air and what played when the program ended, be it stopped or killed. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import { type Account, RestError, deletePodcast } from '../client/rest-client.ts';
import type { RestErrorCode } from '../protocol/rest.ts';
import type { Text } from '../texts/catalogue.ts';
import { english } from '../texts/en.ts';
import { catalogueFor } from '../texts/languages.ts';
import type { Audiences } from './audience/audiences.ts';
import type { Broadcasts } from './broadcast/broadcasts.ts';
import { takeOffEarlierMarks } from './marker/on-air-marker.ts';
import { lostPanel } from './panel/panel-view.ts';
import { reasonNotToJoin } from './permissions.ts';
import { Refusal } from './refusal.ts';
import { staggerMs } from './stagger.ts';
import type { StoredAudience } from './store/audience-table.ts';
import type { BotStore } from './store/bot-store.ts';
import type { StoredShow } from './store/show-table.ts';
import { textOf } from './words-for-errors.ts';

export interface GoingOnOptions {
  readonly client: Client<true>;
  readonly broadcasts: Pick<Broadcasts, 'assertFree' | 'takeUp'>;
  readonly audiences: Pick<Audiences, 'takeUp'>;
  readonly store: Pick<BotStore, 'shows' | 'audiences'>;
  readonly relay: string;
  readonly account: Account;
  readonly log: Logger;
  /** Aborted when the program ends again: what has not been taken up by then is left for the next start. */
  readonly signal: AbortSignal;
}

type Stored = Pick<StoredShow | StoredAudience, 'guildId' | 'channelId' | 'podcastId'>;

/** Something that a restart interrupted. */
interface Interrupted extends Stored {
  readonly purpose: 'broadcast' | 'play';
  /** Rejects when it cannot go on. */
  readonly takeUp: (channel: VoiceBasedChannel) => Promise<unknown>;
  /** It does not go on, and nothing else has taken its place: clears away what is left of it. May reject. */
  readonly clearAway: (why: Text) => Promise<unknown>;
  /** Ends what of it waits elsewhere. May reject. */
  readonly end?: () => Promise<void>;
}

/** What passes: a relay that starts as well, or that has been asked too often in a minute. */
const PASSING: readonly (RestErrorCode | 'unreachable')[] = ['unreachable', 'rate_limited', 'not_ready'];
const TRY_AGAIN_MS = 5000;
const TRIES = 12;
const SHOWS_FIRST_MS = 3000;

/** Goes on with everything that is stored; what cannot go on is ended, and one line in the log says why. Never rejects. */
export async function goOn(options: GoingOnOptions): Promise<void> {
  const { store, log, signal } = options;
  const goOnWith = async (interrupted: Interrupted, index: number): Promise<void> => {
    try {
      await pause(staggerMs(index), undefined, { signal });
      await takeUp(options, interrupted);
    } catch (error) {
      if (!signal.aborted) await abandon(options, interrupted, error);
    }
  };
  try {
    const shows = Promise.all(
      store.shows
        .all()
        .map((show) => interruptedShow(options, show))
        .map(goOnWith),
    );
    // An audience that plays one of these shows says from which server it is.
    await Promise.race([shows, pause(SHOWS_FIRST_MS, undefined, { ref: false })]);
    const kept = store.audiences.all().map((audience) => interruptedAudience(options, audience));
    await Promise.all([shows, ...kept.map(goOnWith)]);
  } catch (error) {
    log.error({ err: error }, 'cannot go on with what there was before the restart');
  }
}

function interruptedShow(options: GoingOnOptions, show: StoredShow): Interrupted {
  const { client, broadcasts, store, relay, account } = options;
  return {
    ...show,
    purpose: 'broadcast',
    takeUp: (channel) => broadcasts.takeUp(channel, show),
    // A podcast that waits for its host keeps its listeners waiting. One that is over already cannot be ended.
    end: () => deletePodcast(relay, show.podcastId, account),
    clearAway: async (why) => {
      store.shows.forget(show.guildId);
      await clearAwayShow(client, show, why);
    },
  };
}

function interruptedAudience(options: GoingOnOptions, kept: StoredAudience): Interrupted {
  const { client, audiences, store } = options;
  return {
    ...kept,
    purpose: 'play',
    takeUp: (channel) => audiences.takeUp(channel, kept),
    clearAway: async (why) => {
      store.audiences.forget(kept.guildId);
      await tell(placeOf(client, kept).channel, why);
    },
  };
}

async function takeUp({ client, signal }: GoingOnOptions, interrupted: Interrupted): Promise<void> {
  const { channel } = placeOf(client, interrupted);
  const { me } = channel?.guild.members ?? {};
  if (!channel || !me) throw new Refusal(({ voice }) => voice.channelDeleted);
  const reason = reasonNotToJoin(channel, me, interrupted.purpose);
  if (reason) throw new Refusal(reason);
  for (let tries = 1; ; tries += 1) {
    try {
      await interrupted.takeUp(channel);
      return;
    } catch (error) {
      const isPassing = error instanceof RestError && PASSING.includes(error.code);
      if (!isPassing || tries === TRIES) throw error;
    }
    await pause(TRY_AGAIN_MS, undefined, { signal });
  }
}

async function abandon(options: GoingOnOptions, interrupted: Interrupted, error: unknown): Promise<void> {
  const { guildId, podcastId: podcast, end, clearAway } = interrupted;
  const why = textOf(error) ?? (({ show }) => show.couldNotBegin);
  options.log.warn(
    { podcast, guild: guildId, why: why(english), err: error },
    'does not go on after the restart',
  );
  await end?.().catch(() => {});
  try {
    options.broadcasts.assertFree(guildId);
  } catch {
    // Something else has begun here by now: the channel, the marks and what is stored are its.
    return;
  }
  await clearAway((words) => words.show.over({ why: why(words) })).catch(() => {});
}

/** The channel is told, its marks come off, and the panel is closed. */
async function clearAwayShow(client: Client, show: StoredShow, why: Text): Promise<void> {
  const { panelMessageId, previousNickname: nickname, previousStatus: status } = show;
  const { guild, channel } = placeOf(client, show);
  if (!guild) return;
  const panel = lostPanel(why(catalogueFor(guild.preferredLocale)));
  await Promise.allSettled([
    takeOffEarlierMarks(guild, channel, { nickname, status }),
    channel && panelMessageId !== null ? channel.messages.edit(panelMessageId, panel) : Promise.resolve(),
    tell(channel, why),
  ]);
}

async function tell(channel: VoiceBasedChannel | undefined, text: Text): Promise<void> {
  await channel?.send(text(catalogueFor(channel.guild.preferredLocale)));
}

function placeOf(client: Client, { guildId, channelId }: Stored) {
  const guild = client.guilds.cache.get(guildId);
  const channel = guild?.channels.cache.get(channelId);
  return { guild, channel: channel?.isVoiceBased() ? channel : undefined };
}
