/** Time as the relay uses it, so that tests can turn it by hand. */

export interface Clock {
  /** ms since 1970 as they were at the start, and what has passed since: they never go back, and may stand still while the machine sleeps. */
  nowMs(): number;
  /** ms since 1970 as the machine's clock has them now: what another process can compare, though somebody may set it. */
  wallMs(): number;
  /** Calls `task` every so many ms until the returned function is called. */
  every(periodMs: number, task: () => void): () => void;
  /** Calls `task` once, so many ms from now; it keeps no program alive. */
  after(delayMs: number, task: () => void): void;
}

export const systemClock: Clock = {
  nowMs: () => Math.round(performance.timeOrigin + performance.now()),
  wallMs: () => Date.now(),
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
  after(delayMs, task) {
    setTimeout(task, delayMs).unref();
  },
};
