/** A clock that tests turn by hand. */
import type { Clock } from '../../src/relay/clock.ts';

interface Timer {
  readonly periodMs: number;
  readonly task: () => void;
  dueMs: number;
}

export class ManualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  readonly nowMs = (): number => this.#nowMs;

  /** How far the machine's clock is ahead, as somebody has set it or the machine has slept. */
  wallAheadMs = 0;

  readonly wallMs = (): number => this.#nowMs + this.wallAheadMs;

  every(periodMs: number, task: () => void): () => void {
    const timer = { periodMs, task, dueMs: this.#nowMs + periodMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  after(delayMs: number, task: () => void): void {
    const stop = this.every(delayMs, () => {
      stop();
      task();
    });
  }

  /** Lets time pass: what is due by then runs in its order. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].toSorted((a, b) => a.dueMs - b.dueMs);
      if (!next || next.dueMs > untilMs) break;
      this.#nowMs = next.dueMs;
      next.dueMs += next.periodMs;
      next.task();
    }
    this.#nowMs = untilMs;
  }

  /** Tasks that would still run. */
  get timers(): number {
    return this.#timers.size;
  }
}
