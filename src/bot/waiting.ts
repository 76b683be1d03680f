/** Waits for what a restart cannot go on without: time, and servers that Discord itself has lost for a while. */
import { type Client, Events, type Guild } from 'discord.js';
import { Refusal } from './refusal.ts';
import type { Clock } from './system-clock.ts';

/** Where and until when somebody waits. */
export interface Patience {
  readonly clock: Pick<Clock, 'after' | 'nowMs'>;
  /** Aborted when there is nothing to wait for any more. */
  readonly signal: AbortSignal;
}

/** Resolves so many ms from now. @throws the signal's reason when it was aborted by then */
export async function wait(ms: number, { clock, signal }: Patience): Promise<void> {
  if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
  signal.throwIfAborted();
}

/**
 * The guild, as soon as Discord has it: in an outage it tells a bot of a guild, and nothing of what is in there.
 * @param withinMs how long that may take
 * @throws Refusal when the bot is in this guild no more, or the time is over; the signal's reason
 */
export async function availableGuild(
  client: Pick<Client, 'guilds' | 'on' | 'off'>,
  guildId: string,
  withinMs: number,
  patience: Patience,
): Promise<Guild> {
  const guild = guildOf(client, guildId);
  if (guild.available) return guild;
  const news = Promise.withResolvers<void>();
  const onNews = ({ id }: Guild): void => {
    if (id === guildId) news.resolve();
  };
  const events = [Events.GuildAvailable, Events.GuildCreate, Events.GuildDelete] as const;
  for (const event of events) client.on(event, onNews);
  await Promise.race([news.promise, wait(withinMs, patience)]);
  for (const event of events) client.off(event, onNews);
  patience.signal.throwIfAborted();
  if (!guildOf(client, guildId).available) throw new Refusal(({ voice }) => voice.gatewayStayedAway);
  return guildOf(client, guildId);
}

/** @throws Refusal when the bot is not in it. @returns a guild that may be one of which nothing is known yet */
export function guildOf({ guilds }: Pick<Client, 'guilds'>, guildId: string): Guild {
  const guild = guilds.cache.get(guildId);
  if (!guild) throw new Refusal(({ voice }) => voice.removed);
  return guild;
}
