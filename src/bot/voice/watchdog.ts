/** Notices that somebody speaks and nothing of it can be decrypted. Pure: time comes in as `nowMs`. */

/** Joining anew costs everybody a second of the show: what did not help twice is not tried again for the same person. */
const ALARMS_MAX = 2;

interface Person {
  /** Since when a frame is due; undefined while none is. */
  sinceMs: number | undefined;
  /** Packets came and could not be decrypted, so that a silence frame (never encrypted end to end) proves nothing. */
  failed: boolean;
  /** Alarms since this person was last heard. */
  alarms: number;
}

export class Watchdog {
  readonly #patienceMs: number;
  readonly #people = new Map<string, Person>();

  /** @param patienceMs how long a speaking person may stay unheard; twice as long after an alarm that did not help */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Discord says that this person speaks: a frame is due. */
  due(userId: string, nowMs: number): void {
    const person = this.#people.get(userId);
    if (person) person.sinceMs ??= nowMs;
    else this.#people.set(userId, { sinceMs: nowMs, failed: false, alarms: 0 });
  }

  /** A packet of this person came and could not be decrypted. */
  failed(userId: string, nowMs: number): void {
    this.due(userId, nowMs);
    this.#people.get(userId)!.failed = true;
  }

  /** A frame of this person was decrypted: all is well. */
  heard(userId: string): void {
    this.#people.delete(userId);
  }

  /** This person sent a silence frame: they speak no more. */
  silent(userId: string): void {
    const person = this.#people.get(userId);
    if (person && !person.failed) person.sinceMs = undefined;
  }

  /** This person left. */
  forget(userId: string): void {
    this.#people.delete(userId);
  }

  /** Everybody who has been unheard for too long; after an answer that is not empty all waiting starts anew. */
  check(nowMs: number): string[] {
    const unheard = [...this.#people].filter(([, person]) => this.#isOverdue(person, nowMs));
    if (unheard.length === 0) return [];
    for (const person of this.#people.values()) {
      person.sinceMs = undefined;
      person.failed = false;
    }
    for (const [, person] of unheard) person.alarms += 1;
    return unheard.map(([userId]) => userId);
  }

  #isOverdue({ sinceMs, alarms }: Person, nowMs: number): boolean {
    if (sinceMs === undefined || alarms >= ALARMS_MAX) return false;
    return nowMs - sinceMs >= this.#patienceMs * 2 ** alarms;
  }
}
