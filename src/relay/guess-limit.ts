/** Limits how often one address may be wrong about ids and secrets on WebSockets and shared links, as REST does by itself. */
import { limitedAs } from './client-address.ts';
import type { Clock } from './clock.ts';

const PERIOD_MS = 60_000;
/** How long who was right about an id is known to have it. */
const KNOWN_MS = 3_600_000;
/** Of addresses and ids that are remembered; whoever was right longest ago is forgotten first. */
const KNOWN_MOST = 10_000;

export class GuessLimit {
  readonly #perMinute: number;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #guesses = new Map<string, number>();
  #resetMs = 0;
  /** When an address was last right about an id, in that order. */
  readonly #rightMs = new Map<string, number>();

  constructor(perMinute: number, clock: Pick<Clock, 'nowMs'>) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  /** Somebody at this address named a podcast or an account that does not exist. */
  add(address: string): void {
    const who = limitedAs(address);
    this.#guesses.set(who, this.#countOf(who) + 1);
  }

  /** Whether this address has used up its minute. */
  isOver(address: string): boolean {
    return this.#countOf(limitedAs(address)) >= this.#perMinute;
  }

  /** This address named a podcast that is hard to find, and was answered. */
  wasRight(address: string, podcastId: number): void {
    const known = knownAs(address, podcastId);
    this.#rightMs.delete(known);
    this.#rightMs.set(known, this.#clock.nowMs());
    const [oldest] = this.#rightMs.keys();
    if (this.#rightMs.size > KNOWN_MOST && oldest !== undefined) this.#rightMs.delete(oldest);
  }

  /** Whether this address was right about this very podcast within the hour: then it learns nothing by an answer. */
  knows(address: string, podcastId: number): boolean {
    const rightMs = this.#rightMs.get(knownAs(address, podcastId));
    return rightMs !== undefined && this.#clock.nowMs() - rightMs < KNOWN_MS;
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

function knownAs(address: string, podcastId: number): string {
  return `${limitedAs(address)} ${podcastId}`;
}
