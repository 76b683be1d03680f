/** Every limit of a relay: name, unit, default and reason. Settings and documents are made from this table (protocol.md §6). */

export interface Limit {
  readonly defaultValue: number;
  readonly minimum: number;
  readonly unit: string;
  readonly reason: string;
}

/** The keys are the names of the settings in the environment. */
export const LIMITS = {
  PODCASTS_PER_ACCOUNT: {
    defaultValue: 200,
    minimum: 1,
    unit: 'podcasts',
    reason: 'one account cannot take the whole relay',
  },
  PODCASTS_PER_RELAY: {
    defaultValue: 1000,
    minimum: 1,
    unit: 'podcasts',
    reason: 'memory and the CPU of forwarding are bounded',
  },
  LISTENERS_PER_PODCAST: {
    defaultValue: 5000,
    minimum: 1,
    unit: 'connections',
    reason: 'one packet goes to each of them within its 20 ms',
  },
  LISTENERS_PER_RELAY: {
    defaultValue: 20_000,
    minimum: 1,
    unit: 'connections',
    reason: 'file descriptors and socket memory are bounded',
  },
  LISTENERS_PER_ADDRESS: {
    defaultValue: 200,
    minimum: 1,
    unit: 'connections of one IPv4 address or IPv6 /64',
    reason: 'one machine cannot take every seat; a school or an office behind one address still fits',
  },
  PROGRAMMES_PER_THREAD: {
    defaultValue: 40,
    minimum: 1,
    unit: 'programmes of one worker thread',
    reason:
      'three who speak at once in each of them take most of a core; there is a thread for each core but one',
  },
  PROGRAMMES_PER_ADDRESS: {
    defaultValue: 10,
    minimum: 1,
    unit: 'programmes that are made because one address without an account asked first',
    reason: 'nobody unknown takes them all; who names an account, as a bot does, is not limited so',
  },
  ENCODINGS_PER_THREAD: {
    defaultValue: 12,
    minimum: 1,
    unit: 'encodings (one podcast in one format) of one worker thread',
    reason:
      'a second of AAC takes up to 5 % of a core, of MP3 2 %, of Opus hardly any; there is a thread for each core but one',
  },
  ENCODINGS_PER_ADDRESS: {
    defaultValue: 9,
    minimum: 1,
    unit: 'encodings that are made because one address asked first',
    reason:
      'nobody unknown takes them all; behind a proxy that TRUST_PROXY does not name all listeners have one address: three podcasts in every format at once',
  },
  HOST_MESSAGES_PER_SECOND: {
    defaultValue: 1000,
    minimum: 50,
    unit: 'messages a second, twice that at once',
    reason: 'twenty speakers at 50 frames a second; each message goes to every listener',
  },
  RETRACTS_PER_SECOND: {
    defaultValue: 25,
    minimum: 1,
    unit: 'Retracts a second of one host, twice that at once',
    reason: 'fifty speakers may be taken off air at once; each Retract goes to every listener',
  },
  SPEAKERS_PER_SECOND: {
    defaultValue: 5,
    minimum: 1,
    unit: 'lists of speakers a second of one host, twice that at once',
    reason: 'people come and go seldom; listeners are told once a second at most',
  },
  LISTENER_EVENTS_PER_SECOND: {
    defaultValue: 5,
    minimum: 1,
    unit: 'events a second, twice that at once',
    reason: 'a listener says Connected once, and again when its address has changed',
  },
  FAILED_LOGINS_PER_ADDRESS: {
    defaultValue: 5,
    minimum: 1,
    unit: 'wrong secrets within 10 to 20 minutes',
    reason: 'each further one is answered twice as late, up to 10 s, so that guessing is slow',
  },
  LISTENER_QUEUE_BYTES: {
    defaultValue: 65_536,
    minimum: 1316,
    unit: 'bytes',
    reason: 'what a slow listener may owe: 2 s of three speakers; live audio older than that is worthless',
  },
  RADIO_QUEUE_BYTES: {
    defaultValue: 262_144,
    minimum: 65_536,
    unit: 'bytes',
    reason:
      'what a slow listener of a radio stream may owe: 16 s of MP3, because a player that waits for a network has nobody to ask again',
  },
  TOO_SLOW_SECONDS: {
    defaultValue: 10,
    minimum: 1,
    unit: 'seconds',
    reason: 'how long a listener may lose audio without a pause before it is closed with 4008',
  },
  SMALL_AUDIENCE_LISTENERS: {
    defaultValue: 100,
    minimum: 0,
    unit: 'listeners',
    reason: 'up to so many hear of each other, so that N who join cost N messages and not N squared',
  },
  EVENT_QUEUE_BYTES: {
    defaultValue: 1_048_576,
    minimum: 65_536,
    unit: 'bytes',
    reason: 'JSON events that a client may leave unread before it is closed with 4008; 5000 joins are 0.2 MB',
  },
  REPLAY_WINDOW_PACKETS: {
    defaultValue: 4096,
    minimum: 64,
    unit: 'packets',
    reason: 'how far back a repeated nonce is found: 27 s of three speakers',
  },
  HANDSHAKE_SECONDS: {
    defaultValue: 10,
    minimum: 1,
    unit: 'seconds',
    reason: 'a connection that never finishes its request holds a socket',
  },
  REST_REQUESTS_PER_MINUTE: {
    defaultValue: 120,
    minimum: 1,
    unit: 'requests a minute and address',
    reason: 'ids and secrets cannot be guessed by trying',
  },
  REST_REQUESTS_PER_ACCOUNT: {
    defaultValue: 6000,
    minimum: 1,
    unit: 'requests a minute and account that has proved its secret',
    reason:
      'a bot asks about each of its shows every few seconds, and must not suffer for others at its address',
  },
  REQUEST_BODY_BYTES: {
    defaultValue: 16_384,
    minimum: 1024,
    unit: 'bytes',
    reason: 'a title and a description need no more',
  },
} as const satisfies Record<string, Limit>;

export type Limits = { readonly [name in keyof typeof LIMITS]: number };

/** Each limit at its default. */
export const DEFAULT_LIMITS: Limits = Object.fromEntries(
  Object.entries(LIMITS).map(([name, limit]) => [name, limit.defaultValue]),
) as Limits;

export const TITLE_MAX_CHARACTERS = 100;
export const DESCRIPTION_MAX_CHARACTERS = 2000;
export const GUILD_MAX_CHARACTERS = 100;
/** In one list of those who speak. */
export const SPEAKERS_MAX = 64;
/** As long as names at Discord get. */
export const SPEAKER_NAME_MAX_CHARACTERS = 32;
