/** Limits how often one address may be wrong about ids and secrets on WebSockets and shared links, as REST does by itself. */
import { limitedAs } from './client-address.ts';
import type { Clock } from './clock.ts';

const PERIOD_MS = 60_000;

export class GuessLimit {
  readonly #perMinute: number;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #guesses = new Map<string, number>();
  #resetMs = 0;

  constructor(perMinute: number, clock: Pick<Clock, 'nowMs'>) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** A connection from this address named a podcast or an account that is none. */
  add(address: string): void {
    const who = limitedAs(address);
    this.#guesses.set(who, this.#countOf(who) + 1);
  }

  /** Whether this address has used up its minute. */
  isOver(address: string): boolean {
    return this.#countOf(limitedAs(address)) >= this.#perMinute;
  }

  /** All counts begin anew together: one comparison, and nothing is kept for longer than a minute. */
  #countOf(who: string): number {
    const nowMs = this.#clock.nowMs();
    if (nowMs >= this.#resetMs) {
      this.#guesses.clear();
      this.#resetMs = nowMs + PERIOD_MS;
    }
    return this.#guesses.get(who) ?? 0;
  }
}
