/** Gives every listener of a podcast every packet over WebSocket: framed once, written once a turn of the event loop. */
import type { Batch, ListenerQueue } from './listener-queue.ts';
import { ListenerQueues, type ListenerQueuesOptions } from './listener-queues.ts';
import { frameBytes, writeFrame } from './websocket-frame.ts';

/** A batch is the least that a slow listener loses, so it stays small beside its queue. */
const BATCH_MAX_BYTES = 16_384;

export interface FanOutOptions extends ListenerQueuesOptions {
  /** Calls `flush` once what has arrived by now has been read: setImmediate. */
  readonly defer: (flush: () => void) => void;
}

export class FanOut {
  readonly #options: FanOutOptions;
  readonly #queues: ListenerQueues;
  #packets: Uint8Array[] = [];
  #bytes = 0;

  constructor(options: FanOutOptions) {
    this.#options = options;
    this.#queues = new ListenerQueues(options);
  }

  get size(): number {
    return this.#queues.size;
  }

  add(queue: ListenerQueue): void {
    this.#queues.add(queue);
  }

  /** Whoever is out already stays out. */
  remove(queue: ListenerQueue): void {
    this.#queues.remove(queue);
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
    if (this.#packets.length > 0) this.#queues.give(this.#takeBatch());
  }

  /** Throws away all that is not written yet. @returns how many packets that were, over all listeners */
  retract(): number {
    const unwritten = this.#packets.length * this.size;
    this.#packets = [];
    this.#bytes = 0;
    return unwritten + this.#queues.retract();
  }

  /** Writes what waits for each listener, and forgets them all: no more audio comes. */
  end(): void {
    this.flush();
    this.#queues.end();
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
