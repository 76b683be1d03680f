/** Counts what is made because one address asked for it first: nobody has more made than so many at a time. */
import { limitedAs } from './client-address.ts';

export class AddressQuota {
  readonly #most: number;
  readonly #made = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns what ends the counting, to be called once; undefined when this address has as many as it may */
  take(address: string): (() => void) | undefined {
    const who = limitedAs(address);
    const made = this.#made.get(who) ?? 0;
    if (made >= this.#most) return undefined;
    this.#made.set(who, made + 1);
    return () => this.#release(who);
  }

  #release(who: string): void {
    const left = (this.#made.get(who) ?? 1) - 1;
    if (left > 0) this.#made.set(who, left);
    else this.#made.delete(who);
  }
}
