/** Gives every listener of a podcast every packet: framed once, written once a turn of the event loop. */
import type { Batch, ListenerQueue } from './listener-queue.ts';
import { frameBytes, writeFrame } from './websocket-frame.ts';

/** A batch is the least that a slow listener loses, so it stays small beside its queue. */
const BATCH_MAX_BYTES = 16_384;

export interface FanOutOptions {
  /** Calls `flush` once what has arrived by now has been read: setImmediate. */
  readonly defer: (flush: () => void) => void;
  readonly nowMs: () => number;
  readonly tooSlowMs: number;
  /** So many packets were lost by one listener. */
  readonly onDrop: (packets: number) => void;
  /** This listener has been losing audio for `tooSlowMs`; it is out already. */
  readonly onTooSlow: (queue: ListenerQueue) => void;
}

export class FanOut {
  readonly #options: FanOutOptions;
  /** An array, because walking a set of thousands costs measurably more. */
  readonly #queues: ListenerQueue[] = [];
  #packets: Uint8Array[] = [];
  #bytes = 0;

  constructor(options: FanOutOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#queues.length;
  }

  add(queue: ListenerQueue): void {
    this.#queues.push(queue);
  }

  /** Whoever is out already stays out. */
  remove(queue: ListenerQueue): void {
    const index = this.#queues.indexOf(queue);
    if (index === -1) return;
    queue.clear();
    // Whoever is last takes the place: closing the gap would move everyone.
    const last = this.#queues.pop();
    if (last && last !== queue) this.#queues[index] = last;
  }

  /** @param packet kept until the end of this turn; its bytes must not change */
  publish(packet: Uint8Array): void {
    const bytes = frameBytes(packet);
    if (this.#bytes + bytes > BATCH_MAX_BYTES) this.flush();
    if (this.#packets.length === 0) this.#options.defer(this.#flushDeferred);
    this.#packets.push(packet);
    this.#bytes += bytes;
  }

  /** Writes what this turn has brought so far. */
  flush(): void {
    if (this.#packets.length === 0) return;
    const batch = this.#takeBatch();
    const { nowMs, tooSlowMs, onDrop, onTooSlow } = this.#options;
    const now = nowMs();
    let tooSlow: ListenerQueue[] | undefined;
    for (const queue of this.#queues) {
      const dropped = queue.offer(batch, now);
      if (dropped === 0) continue;
      onDrop(dropped);
      if (queue.losingMs(now) >= tooSlowMs) (tooSlow ??= []).push(queue);
    }
    for (const queue of tooSlow ?? []) {
      this.remove(queue);
      onTooSlow(queue);
    }
  }

  /** Throws away all that is not written yet. @returns how many packets that were, over all listeners */
  retract(): number {
    let packets = this.#packets.length * this.#queues.length;
    this.#packets = [];
    this.#bytes = 0;
    for (const queue of this.#queues) packets += queue.retract();
    return packets;
  }

  /** Writes what waits for each listener, and forgets them all: no more audio comes. */
  end(): void {
    this.flush();
    for (const queue of this.#queues) queue.flush();
    this.#queues.length = 0;
  }

  readonly #flushDeferred = (): void => this.flush();

  #takeBatch(): Batch {
    const bytes = Buffer.allocUnsafe(this.#bytes);
    let offset = 0;
    for (const packet of this.#packets) offset = writeFrame(packet, bytes, offset);
    const batch = { bytes, packets: this.#packets.length };
    this.#packets = [];
    this.#bytes = 0;
    return batch;
  }
}
