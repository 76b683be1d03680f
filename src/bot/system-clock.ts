/** Time as the bot's timed parts use it, so that tests can turn it by hand. */

export interface Clock {
  /** ms that never go back, from an arbitrary beginning. */
  nowMs(): number;
  /** Calls `task` every so many ms until the returned function is called. */
  every(periodMs: number, task: () => void): () => void;
  /** Calls `task` once, so many ms from now; it keeps no program alive. */
  after(delayMs: number, task: () => void): void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
  after(delayMs, task) {
    setTimeout(task, delayMs).unref();
  },
};
