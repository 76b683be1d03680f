/** Says every 20 ms that it is time for the next frame, by an absolute clock: late once is not late for ever. */
import type { Logger } from 'pino';

/** How much one beat plays. */
const BEAT_MS = 20;
/** A process that stood still for longer goes on from now: nobody hears a second in a burst. */
const STANDSTILL_MS = 200;

/** @param dueMs when this beat was due, in ms of `performance.now`; it may be called late */
export type Beat = (dueMs: number) => void;

/** What a player needs of it. */
export interface Beats {
  /** @returns what ends it */
  follow(beat: Beat): () => void;
}

/**
 * One timer for the whole process, which runs only while somebody follows. A follower that throws is no other's trouble, and
 * hears the next beat all the same: what failed may have been one frame. The log says so once for each.
 */
export class Metronome implements Beats {
  readonly #log: Pick<Logger, 'error'>;
  readonly #followers = new Set<Beat>();
  readonly #failed = new WeakSet<Beat>();
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;

  constructor(log: Pick<Logger, 'error'>) {
    this.#log = log;
  }

  follow(beat: Beat): () => void {
    this.#followers.add(beat);
    if (!this.#timer) {
      this.#dueMs = performance.now() + BEAT_MS;
      this.#wait();
    }
    return () => {
      this.#followers.delete(beat);
      if (this.#followers.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#beat(), Math.max(0, this.#dueMs - performance.now()));
  }

  #beat(): void {
    const nowMs = performance.now();
    if (nowMs - this.#dueMs > STANDSTILL_MS) this.#dueMs = nowMs;
    // Timers are set in whole ms and fire up to one early.
    while (this.#timer && this.#dueMs <= nowMs + 1) {
      for (const beat of this.#followers) this.#tell(beat);
      this.#dueMs += BEAT_MS;
    }
    if (this.#timer) this.#wait();
  }

  #tell(beat: Beat): void {
    try {
      beat(this.#dueMs);
    } catch (error) {
      if (this.#failed.has(beat)) return;
      this.#failed.add(beat);
      this.#log.error({ err: error }, 'a beat failed');
    }
  }
}
