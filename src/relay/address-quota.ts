/** Counts what addresses have of something, so that none has more than its share. */
import { limitedAs } from './client-address.ts';

export class AddressQuota {
  readonly #most: number;
  /** By whom limits count. */
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns what gives one back, to be called once; undefined when this address has as many as it may */
  take(address: string): (() => void) | undefined {
    const who = limitedAs(address);
    const taken = this.#taken.get(who) ?? 0;
    if (taken >= this.#most) return undefined;
    this.#taken.set(who, taken + 1);
    return () => this.#release(who);
  }

  #release(who: string): void {
    const left = (this.#taken.get(who) ?? 1) - 1;
    if (left > 0) this.#taken.set(who, left);
    else this.#taken.delete(who);
  }
}
