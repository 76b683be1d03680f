/** The listeners of one stream of a podcast that hear it over UDP: their sink at the hub. */
import type { CloseCode } from '../../protocol/close-codes.ts';
import type { Sink } from '../channel.ts';
import type { PeerSocket } from '../peer-socket.ts';
import { Retraction } from '../retraction.ts';
import type { Audience } from '../udp/datagram-sender.ts';
import { Destinations } from './destinations.ts';
import { datagramOf } from './udp-session.ts';

export interface UdpListenersOptions {
  readonly audience: Audience;
  /** So many packets are due to listeners. */
  readonly onOut: (packets: number) => void;
}

export class UdpListeners implements Sink {
  readonly destinations: Destinations;
  readonly #onOut: (packets: number) => void;
  readonly #peers = new Set<PeerSocket>();

  constructor({ audience, onOut }: UdpListenersOptions) {
    this.destinations = new Destinations(audience);
    this.#onOut = onOut;
  }

  /** A listener that is to be told what concerns the stream. @returns what takes it out again */
  add(peer: PeerSocket): () => void {
    this.#peers.add(peer);
    return () => this.#peers.delete(peer);
  }

  publish(packet: Uint8Array): void {
    if (this.destinations.size === 0) return;
    this.destinations.publish(datagramOf(packet));
    this.#onOut(this.destinations.size);
  }

  retract(ssrc: number): number {
    const packets = this.destinations.retract();
    const retraction = new Retraction(ssrc);
    for (const peer of this.#peers) peer.sayRetracted?.(retraction);
    return packets;
  }

  end(close: CloseCode, sentence: string): void {
    this.destinations.close();
    for (const peer of this.#peers) peer.dismiss(close, sentence);
    this.#peers.clear();
  }
}
