/** Finds dead peers by WebSocket pings, which clients and browsers answer by themselves (RFC 6455 §5.5.2). */
import type { Clock } from './clock.ts';

const PING_SECONDS = 20;
const MISSED_PINGS_MAX = 2;

/** What the heartbeat needs of a WebSocket; whoever hears from the peer sets `missedPings` back to 0. */
export interface PingedPeer {
  missedPings: number;
  ping(): void;
  terminate(): void;
}

export class Heartbeat<Peer extends PingedPeer> {
  /** One set of peers for each second, so that thousands are never pinged in one turn of the event loop. */
  readonly #slots: readonly Set<Peer>[] = Array.from({ length: PING_SECONDS }, () => new Set<Peer>());
  readonly #onDead: (peer: Peer) => void;
  readonly #stop: () => void;
  #joined = 0;
  #seconds = 0;

  /** @param onDead told before the peer is terminated */
  constructor(clock: Pick<Clock, 'every'>, onDead: (peer: Peer) => void) {
    this.#onDead = onDead;
    this.#stop = clock.every(1000, () => this.#beat());
  }

  /** @returns what forgets the peer again */
  add(peer: Peer): () => void {
    const slot = this.#slots[this.#joined++ % PING_SECONDS];
    slot?.add(peer);
    return () => slot?.delete(peer);
  }

  close(): void {
    this.#stop();
  }

  #beat(): void {
    for (const peer of this.#slots[this.#seconds++ % PING_SECONDS] ?? []) {
      if (peer.missedPings >= MISSED_PINGS_MAX) {
        this.#onDead(peer);
        peer.terminate();
      } else {
        peer.missedPings += 1;
        peer.ping();
      }
    }
  }
}
