/** The listeners of a station that get the same bytes: each page is made once and written to all. */
import type { Socket } from 'node:net';
import { CLOSE } from '../../protocol/close-codes.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { Clock } from '../clock.ts';
import { type Counters, closeCounter } from '../counters.ts';
import type { KernelSockets } from '../kernel-socket.ts';
import { ListenerQueue, type LossRepair } from '../listener-queue.ts';
import { ListenerQueues } from '../listener-queues.ts';
import type { Page, PageStream } from './page-stream.ts';

/** How long the last bytes have to leave, when a stream has ended. */
const FAREWELL_MS = 10_000;

export interface RadioGroupOptions {
  readonly kernelSockets: Pick<KernelSockets, 'open'>;
  readonly limits: Pick<Limits, 'RADIO_QUEUE_BYTES' | 'TOO_SLOW_SECONDS'>;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  readonly counters: Pick<Counters, 'add'>;
  readonly stream: PageStream;
  /** So many pages were lost by one listener. */
  readonly onDrop: (pages: number) => void;
}

export class RadioGroup {
  readonly #options: RadioGroupOptions;
  readonly #losses: LossRepair;
  readonly #queues: ListenerQueues;
  readonly #sockets = new Map<ListenerQueue, Socket>();

  constructor(options: RadioGroupOptions) {
    this.#options = options;
    const { limits, clock, onDrop } = options;
    this.#losses = {
      // Some seconds are lost at once, and what follows is heard without a gap.
      keptBytes: limits.RADIO_QUEUE_BYTES / 2,
      repair: (lost, next) => options.stream.repair(lost, next),
    };
    this.#queues = new ListenerQueues({
      nowMs: clock.nowMs,
      tooSlowMs: limits.TOO_SLOW_SECONDS * 1000,
      onDrop,
      onTooSlow: (queue) => this.#dismissSlow(queue),
    });
  }

  get size(): number {
    return this.#queues.size;
  }

  /** @param pages what a new listener begins with @returns what takes it out again */
  add(socket: Socket, pages: readonly Page[]): () => void {
    const { kernelSockets, limits, clock, stream } = this.#options;
    const queue = new ListenerQueue(kernelSockets.open(socket), limits.RADIO_QUEUE_BYTES, this.#losses);
    for (const batch of stream.opening(pages)) queue.offer(batch, clock.nowMs());
    this.#sockets.set(queue, socket);
    this.#queues.add(queue);
    return () => {
      this.#queues.remove(queue);
      this.#sockets.delete(queue);
    };
  }

  give(page: Page): void {
    if (this.size === 0) return;
    this.#queues.give(this.#options.stream.next(page));
    this.#options.counters.add('radio-pages', this.size);
  }

  /** @returns how many pages were thrown away, over all listeners */
  retract(): number {
    return this.#queues.retract();
  }

  /** Each connection is closed behind what waits for it. */
  end(): void {
    this.#queues.end();
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    for (const socket of sockets) socket.end();
    // Who never reads does not keep the socket.
    this.#options.clock.after(FAREWELL_MS, () => {
      for (const socket of sockets) socket.destroy();
    });
  }

  #dismissSlow(queue: ListenerQueue): void {
    this.#options.counters.add(closeCounter(CLOSE.tooSlow.code));
    this.#sockets.get(queue)?.destroy();
  }
}
