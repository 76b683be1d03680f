/** Holds one peer to so many messages a second, with room for two seconds' worth at once. Pure: time comes in as `nowMs`. */

const BURST_SECONDS = 2;

export class Rate {
  readonly #perSecond: number;
  #left: number;
  #lastMs: number | undefined;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond * BURST_SECONDS;
  }

  /** Whether one more is within the rate; it is then counted. */
  take(nowMs: number): boolean {
    const elapsedSeconds = (nowMs - (this.#lastMs ?? nowMs)) / 1000;
    this.#lastMs = nowMs;
    this.#left = Math.min(this.#perSecond * BURST_SECONDS, this.#left + elapsedSeconds * this.#perSecond);
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
