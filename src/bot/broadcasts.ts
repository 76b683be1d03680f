/** Which guild is on air: at most one show a guild, because a bot has one voice connection there. */
import {
  AuditLogEvent,
  type Guild,
  PermissionFlagsBits,
  type VoiceBasedChannel,
  type VoiceState,
  channelMention,
} from 'discord.js';
import type { Logger } from 'pino';
import type { Account, PodcastDescription } from '../client/rest-client.ts';
import { Refusal } from './refusal.ts';
import { Broadcast, type BroadcastTimings } from './broadcast.ts';

export interface BroadcastsOptions {
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: BroadcastTimings;
  readonly log: Logger;
}

// Discord writes the audit log a moment after the fact; an entry older than this is about something else.
const AUDIT_LOG_AGE_MS = 10_000;

export class Broadcasts {
  readonly #options: BroadcastsOptions;
  /** By guild; those that are about to begin, too. */
  readonly #shows = new Map<string, Broadcast>();
  #closing: string | undefined;

  constructor(options: BroadcastsOptions) {
    this.#options = options;
  }

  /** The guild's show; undefined while none is on air. */
  of(guildId: string): Broadcast | undefined {
    const show = this.#shows.get(guildId);
    return show?.isOnAir ? show : undefined;
  }

  all(): Broadcast[] {
    return [...this.#shows.values()].filter((show) => show.isOnAir);
  }

  /** Where the guild's show is on air or about to be. */
  channelIdOf(guildId: string): string | undefined {
    return this.#shows.get(guildId)?.channel.id;
  }

  /** @throws Refusal when a show is on air in this guild, or about to be, or none begins any more */
  assertFree(guildId: string): void {
    if (this.#closing !== undefined) throw new Refusal(`${this.#closing} Try again in a minute.`);
    const show = this.#shows.get(guildId);
    if (!show) return;
    const where = channelMention(show.channel.id);
    throw new Refusal(
      show.isOnAir
        ? `A podcast is on air in ${where} already. \`/podcast stop\` ends it.`
        : `A podcast is about to begin in ${where}; give it a moment.`,
    );
  }

  /**
   * @param hostUserId who asked for it
   * @throws Refusal when the guild is on air already, the channel cannot be joined, or `stop` came before the beginning;
   *   RestError, EndedError when the relay refuses
   */
  async start(
    channel: VoiceBasedChannel,
    description: PodcastDescription,
    hostUserId: string,
  ): Promise<Broadcast> {
    const { guildId } = channel;
    this.assertFree(guildId);
    const broadcast: Broadcast = new Broadcast({
      ...this.#options,
      channel,
      description,
      hostUserId,
      onEnded: (sentence) => this.#ended(broadcast, sentence),
    });
    this.#shows.set(guildId, broadcast);
    try {
      await broadcast.begin();
    } catch (error) {
      this.#shows.delete(guildId);
      throw error;
    }
    const { id: podcast } = broadcast.podcast;
    this.#options.log.info({ podcast, guild: guildId, channel: channel.id }, 'on air');
    return broadcast;
  }

  /** Ends a guild's show, or keeps one that is about to begin from beginning. False when there is none. */
  async stop(guildId: string, sentence: string): Promise<boolean> {
    const broadcast = this.#shows.get(guildId);
    await broadcast?.stop(sentence);
    return broadcast !== undefined;
  }

  /** Ends every show; none begins any more. */
  async stopAll(sentence: string): Promise<void> {
    this.#closing = sentence;
    await Promise.all([...this.#shows.values()].map((broadcast) => broadcast.stop(sentence)));
  }

  /** The gateway began anew: who is where may have changed without an event. */
  lookAgain(): void {
    for (const show of this.all()) show.peopleChanged();
  }

  /** The gateway's voice states: people come and go, the bot is moved or disconnected. */
  async voiceStateChanged(before: VoiceState, after: VoiceState): Promise<void> {
    const broadcast = this.#shows.get(after.guild.id);
    if (!broadcast) return;
    const here = broadcast.channel.id;
    if (after.id === after.client.user.id) {
      if (before.channelId !== here || after.channelId === here) return;
      await broadcast.botIsElsewhere(after.channelId, () => farewell(after));
    } else if (
      before.channelId !== after.channelId &&
      (before.channelId === here || after.channelId === here)
    ) {
      broadcast.peopleChanged(before.channelId === here ? after.id : undefined);
    }
  }

  #ended(broadcast: Broadcast, sentence: string): void {
    this.#shows.delete(broadcast.channel.guildId);
    const { podcast, frames, drops, startedAtMs } = broadcast.status();
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    this.#options.log.info({ podcast: podcast.id, why: sentence, seconds, frames, drops }, 'off air');
  }
}

/** Why the bot is not in its channel any more, with a name where the guild lets the bot see its audit log. */
async function farewell({ guild, channelId }: VoiceState): Promise<string> {
  const moved = channelId !== null;
  const who = await actorOf(guild, moved ? AuditLogEvent.MemberMove : AuditLogEvent.MemberDisconnect);
  return moved
    ? `${who} moved me to ${channelMention(channelId)}, where nobody has been asked.`
    : `${who} disconnected me from the channel.`;
}

async function actorOf(
  guild: Guild,
  type: AuditLogEvent.MemberDisconnect | AuditLogEvent.MemberMove,
): Promise<string> {
  if (!guild.members.me?.permissions.has(PermissionFlagsBits.ViewAuditLog)) return 'Somebody';
  const entries = await guild.fetchAuditLogs({ type, limit: 1 }).catch(() => undefined);
  const entry = entries?.entries.first();
  const fresh = entry && Date.now() - entry.createdTimestamp < AUDIT_LOG_AGE_MS;
  return fresh && entry.executorId ? `<@${entry.executorId}>` : 'Somebody';
}
