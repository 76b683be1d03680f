/** Who sits where: gives listeners their seats, within the limits of the podcast, the relay and the address (protocol.md §6). */
import { CLOSE, ContractError } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import type { ListenerKind } from '../protocol/rest.ts';
import { AddressQuota } from './address-quota.ts';
import type { Channel } from './channel.ts';
import { Seat } from './seat.ts';

type SeatLimits = Pick<Limits, 'LISTENERS_PER_PODCAST' | 'LISTENERS_PER_RELAY' | 'LISTENERS_PER_ADDRESS'>;

export class Seats {
  readonly #limits: SeatLimits;
  #taken = 0;
  readonly #ofAddresses: AddressQuota;

  constructor(limits: SeatLimits) {
    this.#limits = limits;
    this.#ofAddresses = new AddressQuota(limits.LISTENERS_PER_ADDRESS);
  }

  /** @throws ContractError (4009) when the podcast, the relay or the address has as many as it may */
  take(channel: Channel, address: string, kind: ListenerKind): Seat {
    const { LISTENERS_PER_PODCAST, LISTENERS_PER_RELAY, LISTENERS_PER_ADDRESS } = this.#limits;
    if (channel.connections >= LISTENERS_PER_PODCAST) throw full('This podcast', LISTENERS_PER_PODCAST);
    if (this.#taken >= LISTENERS_PER_RELAY) throw full('This relay', LISTENERS_PER_RELAY);
    const release = this.#ofAddresses.take(address);
    if (!release) throw full('Your address', LISTENERS_PER_ADDRESS);
    channel.connections += 1;
    this.#taken += 1;
    return new Seat(channel, kind, () => {
      channel.connections -= 1;
      this.#taken -= 1;
      release();
    });
  }
}

function full(what: string, most: number): ContractError {
  return new ContractError(CLOSE.capacity, `${what} has ${most} listeners: that is the most.`);
}
