/** Remembers the last nonces of a podcast, so that a packet that comes a second time is known (protocol.md §3). */

/**
 * Two generations of nonces: looking up and forgetting cost the same at any age, and no packet pays for a clean-up.
 * Any nonce that is among the last `packets` is found; at most twice as many are kept.
 */
export class ReplayWindow {
  readonly #packets: number;
  #current = new Set<string>();
  #previous = new Set<string>();

  /** @param packets how far back an exact repeat is found */
  constructor(packets: number) {
    this.#packets = packets;
  }

  /** True, and remembered, the first time; false for a nonce that is in the window already. */
  accept(nonce: Uint8Array): boolean {
    const key = String.fromCharCode(...nonce);
    if (this.#current.has(key) || this.#previous.has(key)) return false;
    this.#current.add(key);
    if (this.#current.size >= this.#packets) {
      this.#previous = this.#current;
      this.#current = new Set();
    }
    return true;
  }
}
