/** One podcast: what it is, who may open it, and the states it goes through (protocol.md §2, §3). */
import { timingSafeEqual } from 'node:crypto';
import { CLOSE, type CloseCode } from '../protocol/close-codes.ts';
import type { ReplayWindow } from '../protocol/replay-window.ts';
import type { Visibility } from '../protocol/rest.ts';

/** Waits for its first sender. */
export interface Created {
  readonly name: 'created';
  /** ms since 1970; from then on it ends with 4005. */
  readonly deadlineMs: number;
}

/** Has a sender. */
export interface Live {
  readonly name: 'live';
  /** ms since 1970: when the first sender connected. */
  readonly activeSinceMs: number;
}

/** Its sender's connection dropped; listeners stay and hear silence. */
export interface Interrupted {
  readonly name: 'interrupted';
  readonly activeSinceMs: number;
  /** ms since 1970; from then on it ends with 4003. */
  readonly deadlineMs: number;
}

/** Over for everyone. */
export interface Ended {
  readonly name: 'ended';
  /** What sockets are closed with. */
  readonly close: CloseCode;
}

export type OpenState = Created | Live | Interrupted;
export type PodcastState = OpenState | Ended;

/** What its host says about a podcast. */
export interface About {
  readonly title: string;
  readonly description: string;
  /** The community that it comes from; empty when its host does not say. */
  readonly guild: string;
  readonly visibility: Visibility;
}

export interface Podcast {
  /** u32, 1 … 2³¹−1. */
  readonly id: number;
  /** Account id, decimal digits. */
  readonly host: string;
  readonly about: About;
  /** 32 bytes; host and listeners seal and open audio with it. */
  readonly key: Uint8Array;
  /** 128 bits in hex, of a private podcast only; `Roster.renewListenKey` replaces it. */
  listenKey: string | undefined;
  /**
   * 256 bits in hex; brings a host back. It stays the same for the podcast's life: were it changed at every
   * resume, a Hello that is lost on the way would lock the host out.
   */
  readonly resumeToken: string;
  readonly replay: ReplayWindow;
  /** Replaced by what the transitions below return. */
  state: PodcastState;
}

/** The first sender connected. */
export function goLive(_: Created, nowMs: number): Live {
  return { name: 'live', activeSinceMs: nowMs };
}

/** The sender's connection dropped; it has `resumeSeconds` to come back. */
export function interrupt(state: Live, nowMs: number, resumeSeconds: number): Interrupted {
  return {
    name: 'interrupted',
    activeSinceMs: state.activeSinceMs,
    deadlineMs: nowMs + resumeSeconds * 1000,
  };
}

/** On air since `sinceMs`; the relay itself was gone and is back; the sender has so long to come back as well. */
export function restored(sinceMs: number, nowMs: number, seconds: number): Interrupted {
  return { name: 'interrupted', activeSinceMs: sinceMs, deadlineMs: nowMs + seconds * 1000 };
}

/** The sender came back in time. */
export function resume(state: Interrupted): Live {
  return { name: 'live', activeSinceMs: state.activeSinceMs };
}

/** The podcast is over, for the reason that `close` names. */
export function end(_: OpenState, close: CloseCode): Ended {
  return { name: 'ended', close };
}

/** What a podcast is to be ended with because it has waited for its sender until its deadline; else undefined. */
export function overdue(state: PodcastState, nowMs: number): CloseCode | undefined {
  if (state.name === 'created' && nowMs >= state.deadlineMs) return CLOSE.senderTimeout;
  if (state.name === 'interrupted' && nowMs >= state.deadlineMs) return CLOSE.senderDisconnected;
  return undefined;
}

/** ms since 1970; null until a sender has connected. */
export function activeSinceMs(state: PodcastState): number | null {
  return state.name === 'live' || state.name === 'interrupted' ? state.activeSinceMs : null;
}

/** Whether this key lets a listener in: any or none at all, unless the podcast is private. */
export function admits(podcast: Pick<Podcast, 'listenKey'>, listenKey: string | undefined): boolean {
  return podcast.listenKey === undefined || isSameSecret(podcast.listenKey, listenKey);
}

/** Whether this token brings its bearer back as the podcast's host. */
export function isResumeToken(podcast: Podcast, token: string): boolean {
  return isSameSecret(podcast.resumeToken, token);
}

/** Takes as long for a near miss as for any other string of that length. */
function isSameSecret(secret: string, offered: string | undefined): boolean {
  const expected = Buffer.from(secret);
  const given = Buffer.from(offered ?? '');
  return expected.length === given.length && timingSafeEqual(expected, given);
}
