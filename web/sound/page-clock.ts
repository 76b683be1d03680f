/** Time as the page uses it, so that tests can turn it by hand. */

export interface PageClock {
  /** About ms since 1970; never goes back, and does not jump when somebody sets the computer's clock. */
  nowMs(): number;
  /** Calls `task` every so many ms until the returned function is called. */
  every(periodMs: number, task: () => void): () => void;
}

export const browserClock: PageClock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  every(periodMs, task) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
};
