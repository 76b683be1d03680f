/** Makes guessing secrets slow: the answer to each further wrong one from an address takes twice as long. */
import { limitedAs } from './client-address.ts';
import type { Clock } from './clock.ts';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;
/** Forgotten after one to two of these. */
const PERIOD_MS = 10 * 60_000;

export class LoginDelay {
  readonly #freeTries: number;
  readonly #clock: Pick<Clock, 'nowMs' | 'after'>;
  /** Two generations, so that forgetting costs nothing: by whom limits count, how often it was wrong. */
  #current = new Map<string, number>();
  #previous = new Map<string, number>();
  #turnMs = 0;

  /** @param freeTries wrong secrets of one address that are answered at once */
  constructor(freeTries: number, clock: Pick<Clock, 'nowMs' | 'after'>) {
    this.#freeTries = freeTries;
    this.#clock = clock;
  }

  /**
   * Only a wrong secret waits: whoever shares an address with a guesser is let in at once.
   * @returns resolves when the wrong secret may be answered
   */
  async afterFailure(address: string): Promise<void> {
    this.#turn();
    const who = limitedAs(address);
    const failures = 1 + Math.max(this.#current.get(who) ?? 0, this.#previous.get(who) ?? 0);
    this.#current.set(who, failures);
    const delayed = failures - this.#freeTries;
    if (delayed <= 0) return;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (delayed - 1));
    await new Promise<void>((resolve) => {
      this.#clock.after(delayMs, resolve);
    });
  }

  #turn(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#turnMs) return;
    this.#previous = this.#current;
    this.#current = new Map();
    this.#turnMs = nowMs + PERIOD_MS;
  }
}
