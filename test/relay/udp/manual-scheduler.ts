/** The event loop's turns and its clock, moved by hand. */
import type { Scheduler } from '../../../src/relay/udp/send-loop.ts';

export class ManualScheduler implements Scheduler {
  #nowMs = 0;
  #deferred: (() => void)[] = [];
  readonly #timers = new Map<() => void, number>();

  readonly nowMs = (): number => this.#nowMs;

  get isIdle(): boolean {
    return this.#deferred.length === 0 && this.#timers.size === 0;
  }

  defer(task: () => void): void {
    this.#deferred.push(task);
  }

  after(ms: number, task: () => void): () => void {
    this.#timers.set(task, this.#nowMs + ms);
    return () => void this.#timers.delete(task);
  }

  /** Does what was deferred by now. */
  turn(): void {
    for (const task of this.#deferred.splice(0)) task();
  }

  /** Lets time pass, then does what is due by then. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [task, dueMs] of this.#timers) {
      if (dueMs > this.#nowMs) continue;
      this.#timers.delete(task);
      task();
    }
    this.turn();
  }
}
