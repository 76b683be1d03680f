/** HLS of all podcasts: encodes while somebody asks for playlists, and keeps what has ended for a moment. */
import type { Limits } from '../../protocol/limits.ts';
import type { Channel } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Encodings } from '../encoding/encodings.ts';
import type { Hub } from '../hub.ts';
import { HlsSessions } from './hls-sessions.ts';
import { HlsStream } from './hls-stream.ts';
import type { ToldSegments } from './told-segments.ts';

const SWEEP_MS = 1000;
/** Nothing is encoded any more for whom has not asked for so long. */
const IDLE_MS = 30_000;
/** Players are some segments behind, and may have paused. */
const KEPT_AFTER_END_MS = 60_000;
/** So many that have ended are kept at once: less than a megabyte each. */
const ENDED_MOST = 100;

export interface HlsLaneOptions {
  readonly hub: Hub;
  readonly encodings: Encodings;
  readonly limits: Limits;
  readonly clock: Clock;
}

/** The stream that a player asked for. */
export interface AskedStream {
  readonly stream: HlsStream;
  /** What its playlists have told this player; undefined where that is not known any more. */
  readonly told: ToldSegments | undefined;
}

interface EndedStream {
  readonly stream: HlsStream;
  /** Of its players, by their sessions. */
  readonly told: ReadonlyMap<string, ToldSegments>;
}

export class HlsLane {
  readonly #options: HlsLaneOptions;
  readonly #sessions: HlsSessions;
  /** By the podcast's id. */
  readonly #streams = new Map<number, HlsStream>();
  /** … of podcasts that have ended, in the order of their ends. */
  readonly #ended = new Map<number, EndedStream>();
  #sweepsSoon = false;

  constructor(options: HlsLaneOptions) {
    this.#options = options;
    const { hub, limits } = options;
    this.#sessions = new HlsSessions({
      limits,
      admit: (channel, address) => hub.admitListener(channel, address, 'hls'),
    });
  }

  /** The stream of a podcast, also when that has ended a moment ago. */
  find(id: number): HlsStream | undefined {
    return this.#streams.get(id) ?? this.#ended.get(id)?.stream;
  }

  /** What a player was told of a podcast before that ended; undefined for who comes after. */
  toldBefore(id: number, session: string): ToldSegments | undefined {
    return this.#ended.get(id)?.told.get(session);
  }

  /**
   * A player asks for a playlist: what it needs is encoded from now on, and it is counted.
   * @param session the player's name for itself
   * @throws ContractError (4009)
   */
  ask(channel: Channel, session: string, address: string): AskedStream {
    const nowMs = this.#options.clock.nowMs();
    this.#sweepSoon();
    const told = this.#sessions.ask(channel, session, address, nowMs);
    const stream = this.#streams.get(channel.podcast.id) ?? this.#begin(channel, address);
    stream.lastAskedMs = nowMs;
    return { stream, told };
  }

  /** … and has got it. */
  answer(channel: Channel, session: string): void {
    this.#sessions.answer(channel, session, this.#options.clock.nowMs());
  }

  #begin(channel: Channel, address: string): HlsStream {
    try {
      const stream = new HlsStream({ ...this.#options, channel, address, onEnd: this.#onEnd });
      this.#streams.set(channel.podcast.id, stream);
      return stream;
    } catch (error) {
      // Nobody gets anything of this podcast, and so nobody takes a place.
      this.#sessions.endAll(channel);
      throw error;
    }
  }

  readonly #onEnd = (stream: HlsStream): void => {
    const { podcast } = stream.channel;
    if (this.#streams.get(podcast.id) !== stream) return;
    this.#streams.delete(podcast.id);
    const told = this.#sessions.endAll(stream.channel);
    if (podcast.state.name !== 'ended') return;
    this.#ended.set(podcast.id, { stream, told });
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > ENDED_MOST && oldest !== undefined) this.#ended.delete(oldest);
  };

  #sweepSoon(): void {
    if (this.#sweepsSoon) return;
    this.#sweepsSoon = true;
    this.#options.clock.after(SWEEP_MS, () => {
      this.#sweepsSoon = false;
      this.#sweep();
    });
  }

  #sweep(): void {
    const nowMs = this.#options.clock.nowMs();
    this.#sessions.expire(nowMs);
    for (const stream of this.#streams.values()) if (nowMs - stream.lastAskedMs >= IDLE_MS) stream.stop();
    for (const [id, { stream }] of this.#ended) {
      if (nowMs - stream.lastAskedMs >= KEPT_AFTER_END_MS) this.#ended.delete(id);
    }
    if (this.#streams.size + this.#ended.size + this.#sessions.size > 0) this.#sweepSoon();
  }
}
