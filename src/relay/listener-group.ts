/** The listeners of one stream of a podcast that hear it over WebSocket: their sink at the hub. */
import type { Socket } from 'node:net';
import { CLOSE, type CloseCode } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import type { Sink } from './channel.ts';
import type { Clock } from './clock.ts';
import { FanOut } from './fan-out.ts';
import type { KernelSockets } from './kernel-socket.ts';
import { ListenerQueue } from './listener-queue.ts';
import type { PeerSocket } from './peer-socket.ts';
import { Retraction } from './retraction.ts';

export interface ListenerGroupOptions {
  readonly kernelSockets: KernelSockets;
  readonly limits: Limits;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** So many packets are due to listeners. */
  readonly onOut: (packets: number) => void;
  /** So many packets were lost by one listener. */
  readonly onDrop: (packets: number) => void;
}

export class ListenerGroup implements Sink {
  readonly #options: ListenerGroupOptions;
  readonly #fanOut: FanOut;
  readonly #peers = new Map<ListenerQueue, PeerSocket>();

  constructor(options: ListenerGroupOptions) {
    this.#options = options;
    this.#fanOut = new FanOut({
      defer: setImmediate,
      nowMs: options.clock.nowMs,
      tooSlowMs: options.limits.TOO_SLOW_SECONDS * 1000,
      onDrop: options.onDrop,
      onTooSlow: (queue) => this.#dismissSlow(queue),
    });
  }

  /**
   * Joins a listener.
   * @param socket what `peer` was made of. Audio is written to it directly: with deflate off, ws writes each of its
   * own frames whole and at once, so the two never cut into each other
   * @returns what takes the listener out again
   */
  add(peer: PeerSocket, socket: Socket): () => void {
    const { kernelSockets, limits } = this.#options;
    const queue = new ListenerQueue(kernelSockets.open(socket), limits.LISTENER_QUEUE_BYTES);
    this.#peers.set(queue, peer);
    this.#fanOut.add(queue);
    return () => {
      this.#fanOut.remove(queue);
      this.#peers.delete(queue);
    };
  }

  publish(packet: Uint8Array): void {
    this.#fanOut.publish(packet);
    this.#options.onOut(this.#fanOut.size);
  }

  retract(ssrc: number): number {
    const packets = this.#fanOut.retract();
    const retraction = new Retraction(ssrc);
    for (const peer of this.#peers.values()) peer.sayRetracted?.(retraction);
    return packets;
  }

  end(close: CloseCode, sentence: string): void {
    this.#fanOut.end();
    for (const peer of this.#peers.values()) peer.dismiss(close, sentence);
    this.#peers.clear();
  }

  #dismissSlow(queue: ListenerQueue): void {
    const seconds = this.#options.limits.TOO_SLOW_SECONDS;
    this.#peers
      .get(queue)
      ?.dismiss(
        CLOSE.tooSlow,
        `This listener has been losing audio for ${seconds} s: that is too slow for live audio.`,
      );
    this.#peers.delete(queue);
  }
}
