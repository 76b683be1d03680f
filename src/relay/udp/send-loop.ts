/** Sends for all audiences of a socket on the event loop's own thread, a slice a turn. */
import type { Fan } from './fan.ts';

/** Messages a turn, some 3 ms: reading and control are never kept waiting for longer. */
export const SLICE_MESSAGES = 1024;
/** When the system had no room; at 50 packets/s a socket's buffer empties faster than that. */
export const NO_ROOM_RETRY_MS = 1;

export interface Scheduler {
  /** ms that never go back. */
  readonly nowMs: () => number;
  /** Once what has arrived by now has been read: setImmediate. */
  defer(task: () => void): void;
  /** @returns what calls it off */
  after(ms: number, task: () => void): () => void;
}

export const systemScheduler: Scheduler = {
  nowMs: () => performance.now(),
  defer: setImmediate,
  after(ms, task) {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

/** Drives fans: tells them when it is their turn. */
export interface Lane {
  /** Destinations. */
  readonly size: number;
  /** To how many destinations one call of its wires is to go. */
  readonly callSlots: number;
  /** The fan has something to send from the end of this turn on. */
  wake(fan: Fan): void;
  /** After it returns no call to this fan's wire is under way, and what it brought is accounted. */
  settle(fan: Fan): void;
  /** So many destinations more or less. */
  count(change: number): void;
  close(): Promise<void>;
}

export class SendLoop implements Lane {
  size = 0;
  /** More brings no speed. */
  readonly callSlots = 128;
  readonly #scheduler: Scheduler;
  /** In the order of their turns. */
  readonly #ready = new Set<Fan>();
  #deferred = false;
  #callOffRetry: (() => void) | undefined;
  #closed = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  count(change: number): void {
    this.size += change;
  }

  wake(fan: Fan): void {
    this.#ready.add(fan);
    this.#deferTurn();
  }

  /** Every call is over when it returns. */
  settle(): void {}

  close(): Promise<void> {
    this.#closed = true;
    this.#ready.clear();
    this.#callOffRetry?.();
    return Promise.resolve();
  }

  #deferTurn(): void {
    if (this.#deferred || this.#callOffRetry || this.#closed) return;
    this.#deferred = true;
    this.#scheduler.defer(this.#turn);
  }

  readonly #turn = (): void => {
    this.#deferred = false;
    const nowMs = this.#scheduler.nowMs();
    let messages = SLICE_MESSAGES;
    for (const fan of this.#ready) {
      const used = this.#send(fan, messages, nowMs);
      if (used === undefined) return this.#retryLater();
      messages -= used;
      this.#ready.delete(fan);
      if (messages > 0) continue;
      // Whoever has used the turn up comes last in the next one.
      this.#ready.add(fan);
      return this.#deferTurn();
    }
  };

  /** @returns how many messages of the slice it used; undefined when the system has no room */
  #send(fan: Fan, messages: number, nowMs: number): number | undefined {
    let used = 0;
    while (used < messages) {
      const slots = fan.prepare(nowMs);
      if (slots === 0) break;
      const result = fan.wire.transmit(fan.slot, Math.min(slots, messages - used));
      if (!fan.account(result)) return undefined;
      used += Math.max(1, result);
    }
    return used;
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#callOffRetry = this.#scheduler.after(NO_ROOM_RETRY_MS, () => {
      this.#callOffRetry = undefined;
      this.#turn();
    });
  }
}
