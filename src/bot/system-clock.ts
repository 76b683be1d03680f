/** Time as the bot's timed parts use it, so that tests can turn it by hand. */
export const systemClock = {
  /** ms that never go back, from an arbitrary beginning. */
  nowMs: (): number => performance.now(),
  /** Calls `task` every so many ms until the returned function is called. */
  every(periodMs: number, task: () => void): () => void {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
  /** Calls `task` once, so many ms from now; it keeps no program alive. */
  after(delayMs: number, task: () => void): void {
    setTimeout(task, delayMs).unref();
  },
};
