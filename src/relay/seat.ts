/** One listener's place in a podcast: what kind it is, and how many listeners it counts as. */
import type { ListenerKind } from '../protocol/rest.ts';
import type { Channel } from './channel.ts';

export class Seat {
  readonly #channel: Channel;
  readonly #onLeft: () => void;
  #kind: ListenerKind;
  #listeners = 1;

  /** It is taken from now on, and counts as one. */
  constructor(channel: Channel, kind: ListenerKind, onLeft: () => void) {
    this.#channel = channel;
    this.#kind = kind;
    this.#onLeft = onLeft;
    channel.count(kind, 1);
  }

  /** The connection plays into so many guilds, and counts as these in place of itself; said again it takes the place of the last. */
  countAsGuilds(guilds: number): void {
    this.#channel.count(this.#kind, -this.#listeners);
    this.#kind = 'guilds';
    this.#listeners = guilds;
    this.#channel.count(this.#kind, guilds);
  }

  /** Once, when the connection is gone. */
  leave(): void {
    this.#channel.count(this.#kind, -this.#listeners);
    this.#listeners = 0;
    this.#onLeft();
  }
}
