/** How well a channel's sound comes to the bot, over the last half minute or so. Pure: time comes in as `nowMs`. */
import { LossCounter } from '../../audio/loss-counter.ts';

/** What is wrong with the sound, the worst first. */
export type Sound =
  | { readonly is: 'undecryptable'; readonly people: number }
  /** @see percent whole, at least 1 */
  | { readonly is: 'lossy'; readonly percent: number }
  | { readonly is: 'clear' };

const CLEAR: Sound = { is: 'clear' };
/** Two of these make the time that is looked back on. */
const PERIOD_MS = 15_000;
/** Half a second of speech: less is what a change of keys costs. */
const FAILURES_MIN = 25;
const SOURCES_MAX = 256;

class Period {
  readonly startMs: number;
  readonly losses = new Map<number, LossCounter>();
  readonly people = new Map<string, { heard: number; failed: number }>();

  constructor(startMs: number) {
    this.startMs = startMs;
  }

  person(userId: string): { heard: number; failed: number } {
    let person = this.people.get(userId);
    if (!person) {
      person = { heard: 0, failed: 0 };
      this.people.set(userId, person);
    }
    return person;
  }
}

export class SoundMeter {
  #now: Period;
  #before: Period | undefined;

  constructor(nowMs: number) {
    this.#now = new Period(nowMs);
  }

  /** A frame came and could be heard. @param sequence u16 */
  heard(userId: string, ssrc: number, sequence: number): void {
    this.#now.person(userId).heard += 1;
    let losses = this.#now.losses.get(ssrc);
    if (!losses) {
      if (this.#now.losses.size >= SOURCES_MAX) return;
      losses = new LossCounter();
      this.#now.losses.set(ssrc, losses);
    }
    losses.receive(sequence);
  }

  /** A packet came and could not be decrypted. */
  failed(userId: string): void {
    this.#now.person(userId).failed += 1;
  }

  /** What comes of this person from here on has nothing to do with what came before. */
  forget(userId: string, ssrcs: readonly number[]): void {
    for (const period of [this.#now, this.#before]) {
      period?.people.delete(userId);
      for (const ssrc of ssrcs) period?.losses.delete(ssrc);
    }
  }

  sound(nowMs: number): Sound {
    if (nowMs - this.#now.startMs >= PERIOD_MS) {
      this.#before = this.#now;
      this.#now = new Period(nowMs);
    }
    const people = this.#undecryptable();
    if (people > 0) return { is: 'undecryptable', people };
    const percent = Math.round(100 * this.#loss());
    return percent > 0 ? { is: 'lossy', percent } : CLEAR;
  }

  #undecryptable(): number {
    const ids = new Set([...this.#now.people.keys(), ...(this.#before?.people.keys() ?? [])]);
    return [...ids].filter((id) => {
      const counts = [this.#now.people.get(id), this.#before?.people.get(id)];
      const failed = counts.reduce((sum, count) => sum + (count?.failed ?? 0), 0);
      const heard = counts.reduce((sum, count) => sum + (count?.heard ?? 0), 0);
      return failed >= FAILURES_MIN && failed > heard;
    }).length;
  }

  #loss(): number {
    let [lost, received] = [0, 0];
    for (const period of [this.#now, this.#before]) {
      for (const counter of period?.losses.values() ?? []) {
        lost += counter.lost;
        received += counter.received;
      }
    }
    return received === 0 ? 0 : lost / (lost + received);
  }
}
