/** Gives what is made once to every listener, and puts out whoever loses audio for too long. */
import type { Batch, ListenerQueue } from './listener-queue.ts';

export interface ListenerQueuesOptions {
  readonly nowMs: () => number;
  readonly tooSlowMs: number;
  /** So many packets were lost by one listener. */
  readonly onDrop: (packets: number) => void;
  /** This listener has been losing audio for `tooSlowMs`; it is out already. */
  readonly onTooSlow: (queue: ListenerQueue) => void;
}

export class ListenerQueues {
  readonly #options: ListenerQueuesOptions;
  /** An array, because walking a set of thousands costs measurably more. */
  readonly #queues: ListenerQueue[] = [];

  constructor(options: ListenerQueuesOptions) {
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

  /** Writes a batch to each, or has it wait. */
  give(batch: Batch): void {
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

  /** Throws away all that waits. @returns how many packets that were, over all listeners */
  retract(): number {
    let packets = 0;
    for (const queue of this.#queues) packets += queue.retract();
    return packets;
  }

  /** Writes what waits for each listener, and forgets them all: no more audio comes. */
  end(): void {
    for (const queue of this.#queues) queue.flush();
    this.#queues.length = 0;
  }
}
