/** Bounds those who may become listeners: players that have asked, and may only look what it is. No clock, no socket. */
import { CLOSE, ContractError } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import { AddressQuota } from './address-quota.ts';

export class PendingListeners {
  readonly #limits: Pick<Limits, 'LISTENERS_PER_ADDRESS' | 'LISTENERS_PER_RELAY'>;
  readonly #ofAddresses: AddressQuota;
  #all = 0;

  /** @param limits for listeners: as many more may be pending */
  constructor(limits: Pick<Limits, 'LISTENERS_PER_ADDRESS' | 'LISTENERS_PER_RELAY'>) {
    this.#limits = limits;
    this.#ofAddresses = new AddressQuota(limits.LISTENERS_PER_ADDRESS);
  }

  /**
   * @returns what ends its counting, to be called once
   * @throws ContractError (4009) when as many are pending as may be
   */
  add(address: string): () => void {
    const { LISTENERS_PER_ADDRESS, LISTENERS_PER_RELAY } = this.#limits;
    if (this.#all >= LISTENERS_PER_RELAY) throw tooMany('This relay', LISTENERS_PER_RELAY);
    const release = this.#ofAddresses.take(address);
    if (!release) throw tooMany('Your address', LISTENERS_PER_ADDRESS);
    this.#all += 1;
    return () => {
      this.#all -= 1;
      release();
    };
  }
}

function tooMany(what: string, most: number): ContractError {
  return new ContractError(CLOSE.capacity, `${what} has ${most} players that only begin: that is the most.`);
}
