/** A podcast on this relay: its one sender, and the sinks through which the lanes reach its listeners. */
import type { CloseCode } from '../protocol/close-codes.ts';
import type { Podcast } from '../podcast/podcast.ts';
import type { NamedSpeaker } from '../protocol/podcast-facts.ts';
import { LISTENER_KINDS, type ListenerKind } from '../protocol/rest.ts';

/** What of a podcast a listener hears: every packet of its host, or the one stream that is made of them (protocol.md §4). */
export const STREAMS = ['tracks', 'programme'] as const;
export type Stream = (typeof STREAMS)[number];

/** A lane's way to all its listeners of one stream of a podcast; a lane encodes a packet once, here. */
export interface Sink {
  /** @param packet `1 ‖ nonce ‖ sealed`; shared by all sinks: it may be kept and is never changed */
  publish(packet: Uint8Array): void;
  /**
   * The host takes back what it has said: throws away whatever still waits for a listener, and tells those who asked
   * for all events.
   * @param ssrc the speaker's, as these listeners know it
   * @returns how many packets were thrown away, over all listeners
   */
  retract(ssrc: number): number;
  /** The podcast's first host is there. */
  onAir?(): void;
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

/** What has changed of what listeners are told: how many they are, that somebody's name is taken back, or anything else. */
export type FactsChange = 'listeners' | 'podcast' | 'withdrawn';

export class Channel {
  readonly podcast: Podcast;
  readonly totals: Totals = { packets: 0, bytes: 0, listenersPeak: 0, drops: 0 };
  readonly sinks: Readonly<Record<Stream, Set<Sink>>> = { tracks: new Set(), programme: new Set() };
  sender: Sender | undefined;
  /** How many listen; a connection may count as several guilds. */
  readonly listenersBy = noListeners();
  /** Into how many guilds the connections of an account say they play, by its id. */
  readonly #guildsOf = new Map<string, number>();
  /** Of listeners, on all lanes: what limits count. */
  connections = 0;
  /** Told of each change, within whatever made it. */
  readonly watchers = new Set<(change: FactsChange) => void>();
  #speakers: readonly NamedSpeaker[] = [];

  constructor(podcast: Podcast) {
    this.podcast = podcast;
  }

  get listeners(): number {
    return LISTENER_KINDS.reduce((sum, kind) => sum + this.listenersBy[kind], 0);
  }

  /** Who speaks, as the sender says that is there now. */
  get speakers(): readonly NamedSpeaker[] {
    return this.#speakers;
  }

  nameSpeakers(speakers: readonly NamedSpeaker[]): void {
    this.#speakers = speakers;
    this.changed('podcast');
  }

  /** Whoever is taken back as a speaker is named no longer, before the sender has said its next list. */
  withdrawSpeaker(ssrc: number): void {
    const left = this.#speakers.filter((speaker) => speaker.ssrc !== ssrc);
    if (left.length === this.#speakers.length) return;
    this.#speakers = left;
    this.changed('withdrawn');
  }

  changed(change: FactsChange): void {
    for (const watch of this.watchers) watch(change);
  }

  /** So many listeners of a kind more, or fewer. */
  count(kind: ListenerKind, change: number): void {
    this.listenersBy[kind] += change;
    this.totals.listenersPeak = Math.max(this.totals.listenersPeak, this.listeners);
    if (change !== 0) this.changed('listeners');
  }

  /** So many guilds of an account more, or fewer; no account counts as more than `most`. */
  countGuilds(account: string, change: number, most: number): void {
    const before = this.#guildsOf.get(account) ?? 0;
    const after = before + change;
    if (after > 0) this.#guildsOf.set(account, after);
    else this.#guildsOf.delete(account);
    this.count('guilds', Math.min(after, most) - Math.min(before, most));
  }
}

function noListeners(): Record<ListenerKind, number> {
  return Object.fromEntries(LISTENER_KINDS.map((kind) => [kind, 0])) as Record<ListenerKind, number>;
}
