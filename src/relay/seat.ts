/** One listener's place in a podcast: what kind it is, and how many listeners it counts as. */
import type { ListenerKind } from '../protocol/rest.ts';
import type { Channel } from './channel.ts';

export class Seat {
  readonly #onLeft: () => void;
  readonly #channel: Channel;
  /** Takes back what it counts as now. */
  #uncount: () => void;

  /** It is taken from now on, and counts as one. */
  constructor(channel: Channel, kind: ListenerKind, onLeft: () => void) {
    this.#channel = channel;
    this.#onLeft = onLeft;
    channel.count(kind, 1);
    this.#uncount = () => channel.count(kind, -1);
  }

  /**
   * The connection plays into so many guilds, and counts as these in place of itself; said again it takes the place of the last.
   * @param account whose connection it is
   * @param most as how many guilds all connections of the account count together
   */
  countAsGuilds(guilds: number, account: string, most: number): void {
    this.#uncount();
    this.#channel.countGuilds(account, guilds, most);
    this.#uncount = () => this.#channel.countGuilds(account, -guilds, most);
  }

  /** Once, when the connection is gone. */
  leave(): void {
    this.#uncount();
    this.#onLeft();
  }
}
