/** Says when a connection is to be doubted: a quiet show and a dead network look the same, and a page may sleep. Pure. */

/** Nothing for so long, and the relay is asked whether it is there. */
const QUIET_MS = 10_000;
/** The relay says something at least every 30 s: a connection that is silent for longer is dead, even if the relay is there. */
const DEAD_MS = 45_000;
/** How far away the relay is, is measured so often. */
const ROUND_TRIP_PERIOD_MS = 60_000;
/** At first more often, so many times: while a page begins everything takes long. */
const FIRST_PERIOD_MS = 2000;
const FIRST_ROUND_TRIPS = 4;
/** A clock that ticks twice a second and stands for so long has slept: what waits in the connection is of the past. */
const SLEPT_MS = 2500;

export class Pulse {
  #tickedMs: number | undefined;
  #askedMs = -Infinity;
  #asked = 0;

  /**
   * To be called twice a second, and before each message is read.
   * @returns whether the page has slept since the last time
   */
  hasSlept(nowMs: number): boolean {
    const sinceMs = nowMs - (this.#tickedMs ?? nowMs);
    this.#tickedMs = nowMs;
    return sinceMs > SLEPT_MS;
  }

  /** Whether nothing more can be hoped for. @param heardMs when it was heard last, or the connection was made */
  isDead(nowMs: number, heardMs: number): boolean {
    return nowMs - heardMs > DEAD_MS;
  }

  /** Whether the relay is to be asked now; if so, it counts as asked. @param heardMs when it was heard last */
  isDue(nowMs: number, heardMs: number): boolean {
    const quietMs = nowMs - Math.max(heardMs, this.#askedMs);
    const periodMs = this.#asked < FIRST_ROUND_TRIPS ? FIRST_PERIOD_MS : ROUND_TRIP_PERIOD_MS;
    if (quietMs < QUIET_MS && nowMs - this.#askedMs < periodMs) return false;
    this.#askedMs = nowMs;
    this.#asked += 1;
    return true;
  }
}
