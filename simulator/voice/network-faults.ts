/** A bad network between the voice server and the bot: loses, delays, repeats and reorders datagrams, and counts each. */
import type { Random } from '../random.ts';

interface FaultRates {
  /** The share of datagrams that never arrive, 0…1. */
  loss: number;
  /** The share that is sent twice, 0…1. */
  duplicates: number;
  /** The share that is held back until the next datagram of the same speaker has overtaken it, 0…1. */
  reorder: number;
  /** Each datagram is late by up to this much; more than a frame's length reorders by itself. */
  jitterMs: number;
}

export type DatagramFate = 'sent' | 'lost' | 'duplicated' | 'reordered';

/** A datagram that is reordered goes out after this long even if its speaker has fallen silent. */
const holdMs = 60;

interface Held {
  readonly release: () => void;
}

export class NetworkFaults implements FaultRates {
  loss = 0;
  duplicates = 0;
  reorder = 0;
  jitterMs = 0;
  /** What has happened to each datagram so far. */
  readonly counts: Record<DatagramFate, number> = { sent: 0, lost: 0, duplicated: 0, reordered: 0 };
  readonly #random: Random;
  readonly #held = new Map<number, Held>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Passes one datagram on, or not, by the present rates.
   * @param ssrc its speaker's source: reordering is within one speaker
   * @returns what was decided
   */
  pass(ssrc: number, send: () => void): DatagramFate {
    const fate = this.#decide(ssrc);
    this.counts[fate] += 1;
    if (fate === 'reordered') this.#hold(ssrc, send);
    if (fate === 'sent' || fate === 'duplicated') {
      this.#sendLate(send);
      if (fate === 'duplicated') this.#sendLate(send);
      this.#held.get(ssrc)?.release();
    }
    return fate;
  }

  /** A network without faults again; the counts stay. */
  heal(): void {
    Object.assign(this, { loss: 0, duplicates: 0, reorder: 0, jitterMs: 0 });
  }

  /** Drops whatever is still held back or late. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#held.clear();
  }

  #decide(ssrc: number): DatagramFate {
    if (this.#random.chance(this.loss)) return 'lost';
    if (this.#random.chance(this.duplicates)) return 'duplicated';
    if (this.#random.chance(this.reorder) && !this.#held.has(ssrc)) return 'reordered';
    return 'sent';
  }

  #sendLate(send: () => void): void {
    if (this.jitterMs > 0) this.#after(this.#random.next() * this.jitterMs, send);
    else send();
  }

  #hold(ssrc: number, send: () => void): void {
    const timer = this.#after(holdMs, () => {
      this.#held.delete(ssrc);
      send();
    });
    const release = (): void => {
      clearTimeout(timer);
      this.#timers.delete(timer);
      this.#held.delete(ssrc);
      this.#sendLate(send);
    };
    this.#held.set(ssrc, { release });
  }

  #after(delayMs: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
    return timer;
  }
}
