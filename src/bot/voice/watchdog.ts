/** Notices that somebody speaks and nothing of it can be decrypted. Pure: time comes in as `nowMs`. */

const LONGEST_PATIENCE_MS = 5 * 60_000;

interface Waiting {
  readonly sinceMs: number;
  /** Packets came and could not be decrypted, so that a silence frame (never encrypted end to end) proves nothing. */
  failed: boolean;
}

export class Watchdog {
  readonly #firstPatienceMs: number;
  #patienceMs: number;
  readonly #waiting = new Map<string, Waiting>();

  /** @param patienceMs how long a speaking person may stay unheard; doubles after each alarm that did not help */
  constructor(patienceMs: number) {
    this.#firstPatienceMs = patienceMs;
    this.#patienceMs = patienceMs;
  }

  /** Discord says that this person speaks: a frame is due. */
  due(userId: string, nowMs: number): void {
    if (!this.#waiting.has(userId)) this.#waiting.set(userId, { sinceMs: nowMs, failed: false });
  }

  /** A packet of this person came and could not be decrypted. */
  failed(userId: string, nowMs: number): void {
    this.due(userId, nowMs);
    this.#waiting.get(userId)!.failed = true;
  }

  /** A frame of this person was decrypted. */
  heard(userId: string): void {
    this.#waiting.delete(userId);
    this.#patienceMs = this.#firstPatienceMs;
  }

  /** This person sent a silence frame: they speak no more. */
  silent(userId: string): void {
    if (!this.#waiting.get(userId)?.failed) this.#waiting.delete(userId);
  }

  /** This person left. */
  forget(userId: string): void {
    this.#waiting.delete(userId);
  }

  /** Everybody who has been unheard for too long; after an answer that is not empty all waiting starts anew. */
  check(nowMs: number): string[] {
    const unheard = [...this.#waiting]
      .filter(([, { sinceMs }]) => nowMs - sinceMs >= this.#patienceMs)
      .map(([userId]) => userId);
    if (unheard.length > 0) {
      this.#waiting.clear();
      this.#patienceMs = Math.min(LONGEST_PATIENCE_MS, this.#patienceMs * 2);
    }
    return unheard;
  }
}
