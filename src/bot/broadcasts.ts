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
import { type Broadcast, type BroadcastTimings, startBroadcast } from './broadcast.ts';

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
  readonly #starting = new Map<string, string>();
  readonly #onAir = new Map<string, Broadcast>();

  constructor(options: BroadcastsOptions) {
    this.#options = options;
  }

  /** The guild's show; undefined while none is on air. */
  of(guildId: string): Broadcast | undefined {
    return this.#onAir.get(guildId);
  }

  all(): Broadcast[] {
    return [...this.#onAir.values()];
  }

  /** @throws Refusal when a show is on air in this guild, or about to be */
  assertFree(guildId: string): void {
    const channelId = this.#starting.get(guildId) ?? this.#onAir.get(guildId)?.channel.id;
    if (channelId) throw new Refusal(`A podcast is on air in ${channelMention(channelId)} already.`);
  }

  /** @throws Refusal when the guild is on air already or the channel cannot be joined; RestError, EndedError when the relay refuses */
  async start(channel: VoiceBasedChannel, description: PodcastDescription): Promise<Broadcast> {
    const { guildId } = channel;
    this.assertFree(guildId);
    this.#starting.set(guildId, channel.id);
    try {
      const broadcast: Broadcast = await startBroadcast({
        ...this.#options,
        channel,
        description,
        onEnded: (sentence) => this.#ended(channel, sentence),
      });
      if (broadcast.isOnAir) this.#onAir.set(guildId, broadcast);
      const { id: podcast } = broadcast.podcast;
      this.#options.log.info({ podcast, guild: guildId, channel: channel.id }, 'on air');
      return broadcast;
    } finally {
      this.#starting.delete(guildId);
    }
  }

  /** Ends a guild's show. False when none is on air. */
  async stop(guildId: string, sentence: string): Promise<boolean> {
    const broadcast = this.#onAir.get(guildId);
    await broadcast?.stop(sentence);
    return broadcast !== undefined;
  }

  async stopAll(sentence: string): Promise<void> {
    await Promise.all(this.all().map((broadcast) => broadcast.stop(sentence)));
  }

  /** The gateway's voice states: people come and go, the bot is moved or disconnected. */
  async voiceStateChanged(before: VoiceState, after: VoiceState): Promise<void> {
    const broadcast = this.#onAir.get(after.guild.id);
    if (!broadcast) return;
    const here = broadcast.channel.id;
    if (after.id === after.client.user.id) {
      if (before.channelId !== here || after.channelId === here) return;
      broadcast.botIsIn(after.channelId, await farewell(after));
    } else if (
      before.channelId !== after.channelId &&
      (before.channelId === here || after.channelId === here)
    ) {
      broadcast.peopleChanged(before.channelId === here ? after.id : undefined);
    }
  }

  #ended(channel: VoiceBasedChannel, sentence: string): void {
    const broadcast = this.#onAir.get(channel.guildId);
    if (!broadcast) return;
    this.#onAir.delete(channel.guildId);
    const { podcast, frames, drops, startedAtMs } = broadcast.status();
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    this.#options.log.info({ podcast: podcast.id, why: sentence, seconds, frames, drops }, 'off air');
    broadcast.say(`The podcast is over. ${sentence}`);
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
