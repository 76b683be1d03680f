/** Who of a podcast hears of whom: ClientJoin and Disconnected, and to how many they go (protocol.md §4, Cost). */
import { type JsonEvent, writeJsonEvent } from '../../protocol/json-events.ts';

/** A client as far as announcements go. */
export interface Occupant {
  /** u32. */
  readonly clientId: number;
  readonly isHost: boolean;
  /** @param events JSON, in their order */
  tell(...events: string[]): void;
}

export class Announcements {
  readonly #smallAudience: number;
  readonly #hosts = new Set<Occupant>();
  readonly #listeners = new Set<Occupant>();

  /** @param smallAudience up to so many listeners hear of each other */
  constructor(smallAudience: number) {
    this.#smallAudience = smallAudience;
  }

  /**
   * A client is on the audio socket. It hears so first of all; a host then hears who is there already, because it is to
   * know of everyone. A client that is in already only hears it again: its new address is in use.
   */
  enter(client: Occupant): void {
    const joined = written('client-join', client);
    const peers = client.isHost ? this.#hosts : this.#listeners;
    if (peers.has(client)) return client.tell(joined);
    const present = client.isHost ? [...this.#listeners] : [];
    client.tell(joined, ...present.map((listener) => written('client-join', listener)));
    peers.add(client);
    for (const other of this.#othersOf(client)) other.tell(joined);
  }

  /** A client has left; nothing is said of one that was never in. */
  leave(client: Occupant): void {
    const others = this.#othersOf(client);
    if (!this.#hosts.delete(client) && !this.#listeners.delete(client)) return;
    const left = written('disconnected', client);
    client.tell(left);
    for (const other of others) other.tell(left);
  }

  /** Who hears of this client, besides itself: the host always. */
  #othersOf(client: Occupant): Occupant[] {
    const isSmall = this.#listeners.size <= this.#smallAudience;
    const all = isSmall ? [...this.#hosts, ...this.#listeners] : [...this.#hosts];
    return all.filter((other) => other !== client);
  }
}

function written(type: Extract<JsonEvent, { clientId: number }>['type'], { clientId }: Occupant): string {
  return writeJsonEvent({ type, clientId });
}
