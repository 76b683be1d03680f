/** A podcast on this relay: its one sender, and the sinks through which the lanes reach its listeners. */
import type { CloseCode } from '../protocol/close-codes.ts';
import type { Podcast } from '../podcast/podcast.ts';

/** What of a podcast a listener hears: every packet of its host, or the one stream that is made of them (protocol.md §4). */
export const STREAMS = ['tracks', 'programme'] as const;
export type Stream = (typeof STREAMS)[number];

/** A lane's way to all its listeners of one stream of a podcast; a lane encodes a packet once, here. */
export interface Sink {
  /** @param packet `1 ‖ nonce ‖ sealed`; shared by all sinks: it may be kept and is never changed */
  publish(packet: Uint8Array): void;
  /** Puts every listener out and tells each why: the podcast is over, or was closed to those who listen now. */
  end(close: CloseCode, sentence: string): void;
}

/** A lane's connection that hosts a podcast. */
export interface Sender {
  /** It hosts no longer; its peer is told why. */
  dismiss(close: CloseCode, sentence: string): void;
}

/** What the log says when a podcast has ended. */
export interface Totals {
  packets: number;
  bytes: number;
  listenersPeak: number;
  /** Packets that slow listeners lost, over all of them. */
  drops: number;
}

export class Channel {
  readonly podcast: Podcast;
  readonly totals: Totals = { packets: 0, bytes: 0, listenersPeak: 0, drops: 0 };
  readonly sinks: Readonly<Record<Stream, Set<Sink>>> = { tracks: new Set(), programme: new Set() };
  sender: Sender | undefined;
  #listeners = 0;

  constructor(podcast: Podcast) {
    this.podcast = podcast;
  }

  /** Connections of all lanes. */
  get listeners(): number {
    return this.#listeners;
  }

  set listeners(count: number) {
    this.#listeners = count;
    this.totals.listenersPeak = Math.max(this.totals.listenersPeak, count);
  }
}
