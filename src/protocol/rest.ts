/** What the REST calls answer: the podcast object and the table of errors (protocol.md §1, §2). */

export const VISIBILITIES = ['public', 'unlisted', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/**
 * What a listener is: a connection whose audio comes by WebSocket or by UDP, a Discord guild that one plays into, the page in
 * a browser, a radio stream over HTTP, or a player of HLS.
 */
export const LISTENER_KINDS = ['websocket', 'udp', 'guilds', 'page', 'radio', 'hls'] as const;
export type ListenerKind = (typeof LISTENER_KINDS)[number];

/** The podcast object as JSON. */
export interface PodcastObject {
  /** u32, 1 … 2³¹−1. */
  readonly id: number;
  /** Account id of the host, decimal digits. */
  readonly host: string;
  /** Where the WebSocket is. */
  readonly ip: string;
  readonly port: number;
  /** Whether it has a host, has not had one yet, or waits for its own to come back. */
  readonly state: 'created' | 'live' | 'interrupted';
  /** ms since 1970; null until a sender has connected. */
  readonly active_since: number | null;
  /** The 2022 spelling of the same value. */
  readonly activeSince: number | null;
  readonly title: string;
  readonly description: string;
  /** The community that it comes from; empty when its host does not say. */
  readonly guild: string;
  readonly visibility: Visibility;
  /** The WebSocket address to listen on, without a key. */
  readonly url: string;
  /** Where people listen: the page, without a key. */
  readonly page: string;
  /** The sum of `listeners_by`. */
  readonly listeners: number;
  readonly listeners_by: Readonly<Record<ListenerKind, number>>;
  /** Only to the host: opens a private podcast to whoever holds it. */
  readonly listen_key?: string;
}

/** Every error of the REST calls: status and sentence. The body is `{"error": key, "message": sentence}`. */
export const REST_ERRORS = {
  missing_auth: { status: 401, sentence: 'Send the headers client_id and client_secret.' },
  invalid_auth: { status: 401, sentence: 'The account is unknown or its secret is wrong.' },
  missing_parameter: { status: 400, sentence: 'The parameter id is missing.' },
  invalid_id: { status: 400, sentence: 'The id is a whole number from 1 to 2147483647.' },
  invalid_request: { status: 400, sentence: 'The request is not HTTP as this relay reads it.' },
  invalid_body: { status: 400, sentence: 'The body is not what this call takes.' },
  not_private: { status: 400, sentence: 'Only a private podcast has a listen key.' },
  not_host: { status: 403, sentence: 'Only the host of this podcast may do that.' },
  unknown_podcast: { status: 404, sentence: 'There is no podcast of that id.' },
  unknown_path: { status: 404, sentence: 'There is nothing at this address.' },
  podcast_ended: { status: 410, sentence: 'This podcast is over.' },
  method_not_allowed: { status: 405, sentence: 'This address does not take that method.' },
  request_timeout: { status: 408, sentence: 'The request did not arrive in time.' },
  body_too_large: { status: 413, sentence: 'The body is larger than this relay takes.' },
  range_not_satisfiable: { status: 416, sentence: 'There are no such bytes.' },
  rate_limited: { status: 429, sentence: 'Too many requests from this address; wait a little.' },
  capacity: { status: 503, sentence: 'A limit of this relay is reached; try again later.' },
  not_ready: { status: 503, sentence: 'This relay is not ready yet; try again in a moment.' },
  going_away: { status: 503, sentence: 'This relay is shutting down; try again in a moment.' },
  unknown_format: { status: 501, sentence: 'This call answers in JSON.' },
  internal: { status: 500, sentence: 'The relay failed at this request; the fault is ours.' },
} as const;

export type RestErrorCode = keyof typeof REST_ERRORS;

const ID_MAX = 2 ** 31 - 1;

/** A podcast id out of a query string; undefined unless it is a whole number from 1 to 2³¹−1 in plain decimal digits. */
export function readPodcastId(text: string): number | undefined {
  if (!/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= ID_MAX ? id : undefined;
}
