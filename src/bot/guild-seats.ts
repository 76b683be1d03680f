/** Who has the bot's voice connection in each guild: Discord gives a bot one there, so it is a show's or an audience's, never both. */
import { Status, type VoiceBasedChannel, type VoiceState } from 'discord.js';
import type { Logger } from 'pino';
import type { Text } from '../texts/catalogue.ts';
import { Refusal } from './refusal.ts';
import { staggerMs } from './stagger.ts';

/** Whoever has a guild's voice connection, and is told what happens to it. None of these may throw or reject. */
export interface SeatHolder {
  /** Where it is, or is about to be. */
  readonly channel: VoiceBasedChannel;
  /** What it does there, and how to end that: for somebody who wants the seat. */
  readonly occupation: Text;
  /** The gateway says that the bot is in another channel now, or in none. */
  botIsElsewhere(after: VoiceState): Promise<void>;
  /** Somebody came into the channel, left it or is called otherwise, or the gateway told anew who is there. */
  peopleChanged(leftUserId?: string): void;
  /**
   * The gateway is back and has told what was missed; who is where may have changed without an event.
   * @param isAnew under a new session, with which voice connections of the old one are over
   * @param delayMs how long to wait before joining
   */
  gatewayIsBack(isAnew: boolean, delayMs: number): void;
  /** Leaves its channel without ending what it does: that goes on after a restart. Resolves when the channel has been told. */
  suspend(why: Text): Promise<void>;
  /** Ends what it does; resolves when the channel has been told. It releases its seat itself. */
  stop(why: Text): Promise<void>;
}

/** Keeps a seat: nobody can take it without this. */
export interface Reservation {
  /** For somebody else who wants the seat. */
  readonly occupation: Text;
  /** Lets anybody take the seat; does nothing once it has been taken. */
  release(): void;
}

/** How something comes back to its guild after a restart. */
export interface Return {
  readonly seat: Reservation;
  /** How long to wait before joining, ms. */
  readonly joinDelayMs: number;
}

export class GuildSeats {
  readonly #holders = new Map<string, SeatHolder>();
  readonly #reserved = new Map<string, Reservation>();
  readonly #log: Logger;
  #closing: Text | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param reservation of who asks. @throws Refusal with why the guild's seat cannot be had now */
  assertFree(guildId: string, reservation?: Reservation): void {
    const closing = this.#closing;
    if (closing) throw new Refusal((words) => words.answers.tryAgainInAMinute({ why: closing(words) }));
    const holder = this.#holders.get(guildId);
    if (holder) throw new Refusal(holder.occupation);
    const reserved = this.#reserved.get(guildId);
    if (reserved && reserved !== reservation) throw new Refusal(reserved.occupation);
  }

  /** @throws Refusal like `assertFree` */
  take(guildId: string, holder: SeatHolder, reservation?: Reservation): void {
    this.assertFree(guildId, reservation);
    this.#reserved.delete(guildId);
    this.#holders.set(guildId, holder);
  }

  /** Keeps a guild's seat for somebody who is about to take it. Undefined when it is taken, or kept for somebody else. */
  reserve(guildId: string, occupation: Text): Reservation | undefined {
    if (this.#holders.has(guildId) || this.#reserved.has(guildId)) return undefined;
    const reservation = {
      occupation,
      release: () => {
        if (this.#reserved.get(guildId) === reservation) this.#reserved.delete(guildId);
      },
    };
    this.#reserved.set(guildId, reservation);
    return reservation;
  }

  /** Does nothing when somebody else has the seat by now. */
  release(guildId: string, holder: SeatHolder): void {
    if (this.#holders.get(guildId) === holder) this.#holders.delete(guildId);
  }

  /**
   * Gets everybody out of their channels; nobody takes a seat any more.
   * @param manner `suspend`: what they do goes on after a restart
   */
  async close(why: Text, manner: 'stop' | 'suspend'): Promise<void> {
    this.#closing = why;
    const leave = async (holder: SeatHolder): Promise<void> =>
      await (manner === 'suspend' ? holder.suspend(why) : holder.stop(why));
    await Promise.all([...this.#holders.values()].map(leave));
  }

  /** @param isAnew under a new session; else nothing was lost */
  gatewayIsBack(shardId: number, isAnew: boolean): void {
    const here = [...this.#holders.values()].filter(({ channel }) => channel.guild.shardId === shardId);
    for (const [index, holder] of here.entries()) holder.gatewayIsBack(isAnew, staggerMs(index));
  }

  /** The gateway's voice states: people come and go, the bot is moved or disconnected. */
  voiceStateChanged(before: VoiceState, after: VoiceState): void {
    const holder = this.#holders.get(after.guild.id);
    if (!holder) return;
    const here = holder.channel.id;
    if (before.channelId === after.channelId) {
      // With it comes the name that the person has by now: of a name alone Discord tells only bots that may see all members.
      if (after.channelId === here) holder.peopleChanged();
      return;
    }
    if (after.id === after.client.user.id) {
      // Until all guilds have been told, a new session hears how the voice connections of the old one end.
      const isEcho = after.guild.shard.status === Status.WaitingForGuilds;
      if (before.channelId === here && !isEcho) this.#tell(holder.botIsElsewhere(after));
    } else if (before.channelId === here || after.channelId === here) {
      holder.peopleChanged(before.channelId === here ? after.id : undefined);
    }
  }

  channelDeleted(guildId: string, channelId: string): void {
    const holder = this.#holders.get(guildId);
    if (holder?.channel.id === channelId) this.#tell(holder.stop(({ voice }) => voice.channelDeleted));
  }

  guildLeft(guildId: string): void {
    const holder = this.#holders.get(guildId);
    if (holder) this.#tell(holder.stop(({ voice }) => voice.removed));
  }

  #tell(done: Promise<void>): void {
    done.catch((error: unknown) => this.#log.error({ err: error }, 'what happened to a voice channel'));
  }
}
