/** Counts who plays HLS: a player is whoever asks for the playlist again, and leaves by asking no more. No clock, no socket. */
import type { Limits } from '../../protocol/limits.ts';
import type { Channel } from '../channel.ts';
import { PendingListeners } from '../pending-listeners.ts';
import type { Seat } from '../seat.ts';
import { TARGET_SECONDS } from './playlist.ts';
import { ToldSegments } from './told-segments.ts';

/** Who asks again so much later plays: a probe such as ffprobe may ask twice, a second apart, while the first segments come. */
const PLAYS_AFTER_MS = 3000;
/** Who has not asked for so long plays no more. */
const EXPIRES_MS = 3 * TARGET_SECONDS * 1000;

interface Session {
  readonly channel: Channel;
  readonly name: string;
  /** It is pending no more. */
  readonly settle: () => void;
  readonly told: ToldSegments;
  askedMs: number;
  /** For the first time; whoever waits for the first segment has not been yet. */
  answeredMs: number;
  /** Of one who plays; before, it may be a probe. */
  seat: Seat | undefined;
}

export interface HlsSessionsOptions {
  readonly limits: Pick<Limits, 'LISTENERS_PER_ADDRESS' | 'LISTENERS_PER_RELAY'>;
  /** @throws ContractError (4009) */
  readonly admit: (channel: Channel, address: string) => Seat;
}

export class HlsSessions {
  readonly #options: HlsSessionsOptions;
  readonly #sessions = new Map<string, Session>();
  /** Sessions that have no seat. */
  readonly #pending: PendingListeners;

  constructor(options: HlsSessionsOptions) {
    this.#options = options;
    this.#pending = new PendingListeners(options.limits);
  }

  /** Sessions that have not expired. */
  get size(): number {
    return this.#sessions.size;
  }

  /**
   * A playlist was asked for. A name that is not known is a session of its own: a relay that was restarted knows none.
   * @param name the player's @returns what its playlists have told it
   * @throws ContractError (4009) when there are as many listeners, or as many that may become listeners, as there may be
   */
  ask(channel: Channel, name: string, address: string, nowMs: number): ToldSegments {
    const key = `${channel.podcast.id} ${name}`;
    const session = this.#sessions.get(key);
    if (!session) {
      const settle = this.#pending.add(address);
      const told = new ToldSegments();
      const asked = { askedMs: nowMs, answeredMs: Infinity };
      this.#sessions.set(key, { channel, name, settle, told, ...asked, seat: undefined });
      return told;
    }
    session.askedMs = nowMs;
    if (!session.seat && nowMs - session.answeredMs >= PLAYS_AFTER_MS) {
      session.seat = this.#options.admit(channel, address);
      session.settle();
    }
    return session.told;
  }

  /** It has got its playlist. */
  answer(channel: Channel, name: string, nowMs: number): void {
    const session = this.#sessions.get(`${channel.podcast.id} ${name}`);
    if (session) session.answeredMs = Math.min(session.answeredMs, nowMs);
  }

  /** Lets go of those who ask no more. */
  expire(nowMs: number): void {
    for (const [key, session] of this.#sessions) {
      if (nowMs - session.askedMs >= EXPIRES_MS) this.#end(key, session);
    }
  }

  /** Nobody plays this podcast any more. @returns what each that did was told, by its name */
  endAll(channel: Channel): Map<string, ToldSegments> {
    const told = new Map<string, ToldSegments>();
    for (const [key, session] of this.#sessions) {
      if (session.channel !== channel) continue;
      told.set(session.name, session.told);
      this.#end(key, session);
    }
    return told;
  }

  #end(key: string, { seat, settle }: Session): void {
    this.#sessions.delete(key);
    if (seat) seat.leave();
    else settle();
  }
}
