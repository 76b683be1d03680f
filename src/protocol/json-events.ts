/** The events of a client of section 4, as JSON text `{"t": code, "data": {…}}` (protocol.md §4). */
import { invalidPayload } from './close-codes.ts';
import { COOKIE_BYTES } from './discovery.ts';
import { isJsonObject, readJsonObject, ssrcIn } from './json-object.ts';
import type { RetractEvent } from './events.ts';
import { factsData, factsIn, type PodcastFacts, type SpeakersEvent, speakersIn } from './podcast-facts.ts';
import { secretKeyFromSignedBytes, signedBytesOf } from './secret-key.ts';

const CODE_HELLO = 1;
const CODE_CONNECTED = 2;
const CODE_DISCONNECTED = 3;
const CODE_CLIENT_JOIN = 4;
const CODE_END = 5;
const CODE_RETRACT = 6;
const CODE_GUILDS = 7;
const CODE_PODCAST = 8;
const CODE_SPEAKERS = 9;

const PORT_MAX = 65_535;
const COOKIE_HEX = new RegExp(`^[0-9a-f]{${2 * COOKIE_BYTES}}$`, 'i');

/** What a connection that asked for `?events=all` is told besides. */
interface JsonHelloAdditions {
  /** u32, of this connection. */
  readonly clientId: number;
  /** Only to a host: what brings it back to its podcast after its socket dropped. */
  readonly resume?: { readonly token: string; readonly seconds: number };
}

export interface JsonHello {
  readonly type: 'hello';
  /** u32. */
  readonly podcastId: number;
  /** Where the relay takes and sends UDP. */
  readonly ip: string;
  readonly port: number;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  readonly additions?: JsonHelloAdditions;
}

/** Where a client says that its UDP socket is reachable. */
export interface Connected {
  readonly type: 'connected';
  /** Empty: the address that its WebSocket comes from. */
  readonly ip: string;
  /** 1 … 65,535. */
  readonly port: number;
  /** 16 bytes out of a discovery answer, in hex; the proof for another address than the WebSocket's. */
  readonly cookie?: string;
}

/** A listener's connection plays into so many Discord guilds, and counts as these. */
export interface Guilds {
  readonly type: 'guilds';
  /** 0 or more. */
  readonly guilds: number;
}

export type JsonEvent =
  | JsonHello
  | Connected
  | RetractEvent
  | Guilds
  | SpeakersEvent
  | { readonly type: 'podcast'; readonly facts: PodcastFacts }
  | { readonly type: 'disconnected' | 'client-join'; readonly clientId: number }
  | { readonly type: 'end' };

export function writeJsonEvent(event: JsonEvent): string {
  switch (event.type) {
    case 'hello':
      return written(CODE_HELLO, helloData(event));
    case 'connected':
      return written(CODE_CONNECTED, { ip: event.ip, port: event.port, cookie: event.cookie });
    case 'disconnected':
      return written(CODE_DISCONNECTED, { client_id: event.clientId });
    case 'client-join':
      return written(CODE_CLIENT_JOIN, { client_id: event.clientId });
    case 'retract':
      return written(CODE_RETRACT, { ssrc: event.ssrc });
    case 'guilds':
      return written(CODE_GUILDS, { guilds: event.guilds });
    case 'podcast':
      return written(CODE_PODCAST, factsData(event.facts));
    case 'speakers':
      return written(CODE_SPEAKERS, { speakers: event.speakers });
    case 'end':
      break;
  }
  return written(CODE_END, {});
}

/**
 * Reads an event; unknown fields are passed over, and a code above 9 is undefined, so that a later version can say more.
 * @throws ContractError (4002) when it is not JSON of the right shape
 */
export function readJsonEvent(json: string): JsonEvent | undefined {
  const { t: code, data } = readJsonObject(json, 'a message');
  if (typeof code !== 'number' || !Number.isInteger(code) || code < CODE_HELLO) {
    throw invalidPayload('an event whose t is not a whole number from 1');
  }
  if (code > CODE_SPEAKERS) return undefined;
  if (code === CODE_END) return { type: 'end' };
  if (!isJsonObject(data)) throw invalidPayload(`an event ${code} without data`);
  if (code === CODE_HELLO) return helloIn(data);
  if (code === CODE_CONNECTED) return connectedIn(data);
  if (code === CODE_RETRACT) return { type: 'retract', ssrc: ssrcIn(data, 'a Retract') };
  if (code === CODE_GUILDS) return guildsIn(data);
  if (code === CODE_PODCAST) return { type: 'podcast', facts: factsIn(data) };
  if (code === CODE_SPEAKERS) return speakersIn(data, 'a Speakers');
  const { client_id: clientId } = data;
  if (typeof clientId !== 'number') throw invalidPayload(`an event ${code} without client_id`);
  return { type: code === CODE_DISCONNECTED ? 'disconnected' : 'client-join', clientId };
}

function written(code: number, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ t: code, data });
}

function helloData({ podcastId, ip, port, secret, additions }: JsonHello): Record<string, unknown> {
  return {
    podcast_id: podcastId,
    ip,
    port,
    secret: signedBytesOf(secret),
    client_id: additions?.clientId,
    resume_token: additions?.resume?.token,
    resume_seconds: additions?.resume?.seconds,
  };
}

function helloIn(data: Readonly<Record<string, unknown>>): JsonHello {
  const { podcast_id: podcastId, ip, port } = data;
  if (typeof podcastId !== 'number') throw invalidPayload('a Hello without podcast_id');
  if (typeof ip !== 'string' || !isPort(port)) throw invalidPayload('a Hello without ip and port');
  const secret = secretKeyFromSignedBytes(data['secret']);
  if (!secret) throw invalidPayload('a Hello whose secret is not 32 bytes');
  const additions = additionsIn(data);
  const hello = { type: 'hello', podcastId, ip, port, secret } as const;
  return additions ? { ...hello, additions } : hello;
}

function additionsIn(data: Readonly<Record<string, unknown>>): JsonHelloAdditions | undefined {
  const { client_id: clientId, resume_token: token, resume_seconds: seconds } = data;
  if (typeof clientId !== 'number') return undefined;
  if (typeof token !== 'string' || typeof seconds !== 'number') return { clientId };
  return { clientId, resume: { token, seconds } };
}

/** An empty cookie is none: that is how a client without one may fill the field in. */
function connectedIn({ ip, port, cookie = '' }: Readonly<Record<string, unknown>>): Connected {
  if (typeof ip !== 'string') throw invalidPayload('a Connected whose ip is no text');
  if (!isPort(port))
    throw invalidPayload(`a Connected whose port is not a whole number from 1 to ${PORT_MAX}`);
  if (cookie === '' || cookie === null) return { type: 'connected', ip, port };
  if (typeof cookie !== 'string' || !COOKIE_HEX.test(cookie)) {
    throw invalidPayload(`a Connected whose cookie is not ${COOKIE_BYTES} bytes in hex`);
  }
  return { type: 'connected', ip, port, cookie };
}

function guildsIn({ guilds }: Readonly<Record<string, unknown>>): Guilds {
  if (typeof guilds === 'number' && Number.isSafeInteger(guilds) && guilds >= 0) {
    return { type: 'guilds', guilds };
  }
  throw invalidPayload('a Guilds whose guilds is not a whole number from 0');
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= PORT_MAX;
}
