/** What those who listen are told of a podcast while they do (protocol.md §4, event 8). */
import type { ListenerKind } from './rest.ts';

/** One of those who speak, as the host names them; a host that names nobody leaves them anonymous. */
export interface NamedSpeaker {
  /** u32. */
  readonly ssrc: number;
  readonly name: string;
}

export interface PodcastFacts {
  /** Whether it has a host, has not had one yet, or waits for its own to come back. */
  readonly state: 'created' | 'live' | 'interrupted';
  readonly title: string;
  /** The community that it comes from; empty when its host does not say. */
  readonly guild: string;
  /** ms since 1970; null until a host has connected. */
  readonly activeSinceMs: number | null;
  /** The sum of `listenersBy`. */
  readonly listeners: number;
  readonly listenersBy: Readonly<Record<ListenerKind, number>>;
  readonly speakers: readonly NamedSpeaker[];
}
