/** The clients of the events lane in one podcast: its sink for UDP, and who hears of whom. */
import type { CloseCode } from '../../protocol/close-codes.ts';
import type { Sink } from '../channel.ts';
import type { PeerSocket } from '../peer-socket.ts';
import type { Audience } from '../udp/datagram-sender.ts';
import { Announcements } from './announcements.ts';
import { Destinations } from './destinations.ts';
import { datagramOf } from './udp-session.ts';

export interface RoomOptions {
  readonly audience: Audience;
  readonly smallAudience: number;
  /** So many packets are due to listeners. */
  readonly onOut: (packets: number) => void;
}

export class Room implements Sink {
  readonly destinations: Destinations;
  readonly announcements: Announcements;
  readonly #onOut: (packets: number) => void;
  readonly #udpListeners = new Set<PeerSocket>();

  constructor({ audience, smallAudience, onOut }: RoomOptions) {
    this.destinations = new Destinations(audience);
    this.announcements = new Announcements(smallAudience);
    this.#onOut = onOut;
  }

  /** A listener that is to be told when the podcast is over; those that hear over WebSocket are their group's to tell. */
  add(peer: PeerSocket): void {
    this.#udpListeners.add(peer);
  }

  remove(peer: PeerSocket): void {
    this.#udpListeners.delete(peer);
  }

  publish(packet: Uint8Array): void {
    if (this.destinations.size === 0) return;
    this.destinations.publish(datagramOf(packet));
    this.#onOut(this.destinations.size);
  }

  end(close: CloseCode, sentence: string): void {
    this.announcements.end();
    this.destinations.close();
    for (const peer of this.#udpListeners) peer.dismiss(close, sentence);
    this.#udpListeners.clear();
  }
}
