/** Bounds those who may become listeners: players that have asked, and may only look what it is. No clock, no socket. */
import { CLOSE, ContractError } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import { limitedAs } from './client-address.ts';

export class PendingListeners {
  readonly #limits: Pick<Limits, 'LISTENERS_PER_ADDRESS' | 'LISTENERS_PER_RELAY'>;
  /** By whom limits count. */
  readonly #of = new Map<string, number>();
  #all = 0;

  /** @param limits for listeners: as many more may be pending */
  constructor(limits: Pick<Limits, 'LISTENERS_PER_ADDRESS' | 'LISTENERS_PER_RELAY'>) {
    this.#limits = limits;
  }

  /**
   * @returns what ends its counting, to be called once
   * @throws ContractError (4009) when as many are pending as may be
   */
  add(address: string): () => void {
    const { LISTENERS_PER_ADDRESS, LISTENERS_PER_RELAY } = this.#limits;
    const who = limitedAs(address);
    const ofAddress = this.#of.get(who) ?? 0;
    if (ofAddress >= LISTENERS_PER_ADDRESS) throw tooMany('Your address', LISTENERS_PER_ADDRESS);
    if (this.#all >= LISTENERS_PER_RELAY) throw tooMany('This relay', LISTENERS_PER_RELAY);
    this.#of.set(who, ofAddress + 1);
    this.#all += 1;
    return () => this.#forget(who);
  }

  #forget(who: string): void {
    this.#all -= 1;
    const left = (this.#of.get(who) ?? 1) - 1;
    if (left > 0) this.#of.set(who, left);
    else this.#of.delete(who);
  }
}

function tooMany(what: string, most: number): ContractError {
  return new ContractError(CLOSE.capacity, `${what} has ${most} players that only begin: that is the most.`);
}
