/** After a restart: goes back to what was on air and what played when the program ended, be it stopped or killed. */
import type { Guild, VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import { english } from '../texts/en.ts';
import type { GuildSeats, Reservation } from './guild-seats.ts';
import {
  type Interrupted,
  InterruptedAudience,
  type InterruptedOptions,
  InterruptedShow,
} from './interrupted.ts';
import { reasonNotToJoin } from './permissions.ts';
import { Refusal } from './refusal.ts';
import { staggerMs } from './stagger.ts';
import { availableGuild, guildOf, wait } from './waiting.ts';
import { textOf } from './words-for-errors.ts';

/** With `signal` aborted when the program ends again: what has not been taken up by then is left for the next start. */
export interface GoingOnOptions extends InterruptedOptions {
  readonly seats: Pick<GuildSeats, 'reserve'>;
  readonly log: Logger;
}

/** One of those that go on, with its seat. */
interface Comeback {
  readonly interrupted: Interrupted;
  readonly seat: Reservation;
  readonly place: number;
  /** When it joins, after the beginning. */
  readonly joinAfterMs: number;
}

/** The relay waits a minute for the hosts of all: fifty of them a second is soon enough, and no flood. */
const APART_MS = 20;
const SHOWS_FIRST_MS = 3000;
/** As long as the relay itself takes podcasts back after they were last on air (`podcast-keeper.ts`). */
const UNAVAILABLE_MAX_MS = 10 * 60_000;

/**
 * Goes on with everything that is stored; what cannot go on is ended, and one line in the log says why. Never rejects.
 * When it returns its promise, every seat is reserved: nobody else can take one before what had it.
 */
export async function goOn(options: GoingOnOptions): Promise<void> {
  const { clock, log } = options;
  const startMs = clock.nowMs();
  try {
    const { shows, audiences } = comebacks(options);
    const begun = Promise.all(shows.map((comeback) => comeBack(options, comeback, startMs)));
    // An audience that plays one of these shows says from which server it is.
    await Promise.race([begun, wait(SHOWS_FIRST_MS, options)]);
    await Promise.all([begun, ...audiences.map((comeback) => comeBack(options, comeback, startMs))]);
  } catch (error) {
    if (!options.signal.aborted)
      log.error({ err: error }, 'cannot go on with what there was before the restart');
  }
}

/** Reserves the seats of all; a row for which there is none, because a show has it, is forgotten. */
function comebacks(options: GoingOnOptions): Readonly<Record<'shows' | 'audiences', Comeback[]>> {
  const { seats, store } = options;
  let place = 0;
  let messages = 0;
  const seated = (interrupted: Interrupted): Comeback[] => {
    const seat = seats.reserve(interrupted.row.guildId, interrupted.occupation);
    if (!seat) interrupted.forget();
    if (!seat) return [];
    const joinAfterMs = staggerMs(messages);
    // A show also asks for the status of its channel.
    messages += interrupted.purpose === 'broadcast' ? 2 : 1;
    return [{ interrupted, seat, place: place++, joinAfterMs }];
  };
  const shows = store.shows.all().flatMap((row) => seated(new InterruptedShow(options, row)));
  const kept = store.audiences.all();
  return { shows, audiences: kept.flatMap((row) => seated(new InterruptedAudience(options, row))) };
}

async function comeBack(options: GoingOnOptions, comeback: Comeback, startMs: number): Promise<void> {
  const { interrupted, seat, place, joinAfterMs } = comeback;
  const { client, clock, signal } = options;
  const { guildId } = interrupted.row;
  try {
    await wait(place * APART_MS, options);
    const guild = guildOf(client, guildId);
    // Of a guild that is not available nothing is known yet.
    if (guild.available) channelIn(guild, interrupted);
    await interrupted.prepare?.();
    const channel = channelIn(
      await availableGuild(client, guildId, UNAVAILABLE_MAX_MS, options),
      interrupted,
    );
    const joinDelayMs = Math.max(0, startMs + joinAfterMs - clock.nowMs());
    await interrupted.takeUp(channel, { seat, joinDelayMs });
  } catch (error) {
    if (!signal.aborted) await abandon(options, interrupted, error);
  } finally {
    seat.release();
  }
}

/** @throws Refusal when it is gone, or the bot may not go there */
function channelIn(guild: Guild, { row, purpose }: Interrupted): VoiceBasedChannel {
  const channel = guild.channels.cache.get(row.channelId);
  const { me } = guild.members;
  if (!channel?.isVoiceBased() || !me) throw new Refusal(({ voice }) => voice.channelDeleted);
  const reason = reasonNotToJoin(channel, me, purpose);
  if (reason) throw new Refusal(reason);
  return channel;
}

async function abandon({ log }: GoingOnOptions, interrupted: Interrupted, error: unknown): Promise<void> {
  const { guildId: guild, podcastId: podcast } = interrupted.row;
  const why = textOf(error) ?? (({ show }) => show.couldNotBegin);
  log.warn({ podcast, guild, why: why(english), err: error }, 'does not go on after the restart');
  interrupted.forget();
  await interrupted.end?.().catch(() => {});
  await interrupted.clearAway((words) => words.show.over({ why: why(words) })).catch(() => {});
}
