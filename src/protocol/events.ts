/** The two events of a podcast's WebSocket, Hello and Disconnect (protocol.md §3). */
import { CLOSE, ContractError } from './close-codes.ts';
import { secretKeyFromSignedBytes, signedBytesOf } from './secret-key.ts';

const TYPE_HELLO = 0;
const TYPE_DISCONNECT = 1;

/** What a connection that asked for `?events=all` is told besides the key. */
export interface HelloAdditions {
  /** u32, of this connection. */
  readonly clientId: number;
  /** u32. */
  readonly podcastId: number;
  /** Only to a host: what brings it back to its podcast after its socket dropped. */
  readonly resume?: { readonly token: string; readonly seconds: number };
}

export type RelayEvent =
  | {
      readonly type: 'hello';
      /** 32 bytes. */
      readonly secretKey: Uint8Array;
      readonly additions?: HelloAdditions;
    }
  | { readonly type: 'disconnect'; readonly code: number; readonly reason: string };

/** The JSON that follows the prefix byte 0. */
export function writeEvent(event: RelayEvent): string {
  if (event.type === 'disconnect') {
    return JSON.stringify({ type: TYPE_DISCONNECT, content: { code: event.code, reason: event.reason } });
  }
  const { secretKey, additions } = event;
  const content = {
    secretKey: signedBytesOf(secretKey),
    client_id: additions?.clientId,
    podcast_id: additions?.podcastId,
    resume_token: additions?.resume?.token,
    resume_seconds: additions?.resume?.seconds,
  };
  return JSON.stringify({ type: TYPE_HELLO, content });
}

/**
 * Reads an event; unknown fields are passed over, and an unknown type is undefined, so that a later relay can say more.
 * @throws ContractError (4002) when it is not JSON of the right shape
 */
export function readEvent(json: string): RelayEvent | undefined {
  const { type, content } = objectIn(json);
  if (typeof type !== 'number' || !isObject(content)) throw invalid('an event without type and content');
  if (type === TYPE_DISCONNECT) {
    const { code, reason } = content;
    if (typeof code !== 'number' || typeof reason !== 'string') {
      throw invalid('a Disconnect without code and reason');
    }
    return { type: 'disconnect', code, reason };
  }
  if (type !== TYPE_HELLO) return undefined;
  const secretKey = secretKeyFromSignedBytes(content['secretKey']);
  if (!secretKey) throw invalid('a Hello whose secretKey is not 32 bytes');
  const additions = additionsOf(content);
  return additions ? { type: 'hello', secretKey, additions } : { type: 'hello', secretKey };
}

function additionsOf(content: Record<string, unknown>): HelloAdditions | undefined {
  const {
    client_id: clientId,
    podcast_id: podcastId,
    resume_token: token,
    resume_seconds: seconds,
  } = content;
  if (typeof clientId !== 'number' || typeof podcastId !== 'number') return undefined;
  if (typeof token !== 'string' || typeof seconds !== 'number') return { clientId, podcastId };
  return { clientId, podcastId, resume: { token, seconds } };
}

function objectIn(json: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw invalid('an event that is not JSON');
  }
  if (!isObject(value)) throw invalid('an event that is not a JSON object');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): ContractError {
  return new ContractError(CLOSE.invalidPayload, `This is ${what}.`);
}
