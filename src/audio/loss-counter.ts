/** Counts what is missing of one RTP stream (RFC 3550 §6.4.1, cumulative number of packets lost). Pure. */

const HALF_U16 = 0x8000;

export class LossCounter {
  received = 0;
  #first: number | undefined;
  /** The highest sequence number so far, counted on beyond 16 bits. */
  #highest = 0;

  /** @param sequence u16 */
  receive(sequence: number): void {
    this.received += 1;
    if (this.#first === undefined) {
      this.#first = sequence;
      this.#highest = sequence;
      return;
    }
    const step = (sequence - this.#highest) & 0xffff;
    if (step < HALF_U16) this.#highest += step;
  }

  /** Packets that should have come by now and have not. */
  get lost(): number {
    if (this.#first === undefined) return 0;
    return Math.max(0, this.#highest - this.#first + 1 - this.received);
  }
}
