/** The events of a podcast's WebSocket: Hello, Disconnect, Retract, Speakers (protocol.md §3). */
import { invalidPayload } from './close-codes.ts';
import { isJsonObject, readJsonObject, ssrcIn } from './json-object.ts';
import { type SpeakersEvent, speakersIn } from './podcast-facts.ts';
import { secretKeyFromSignedBytes, signedBytesOf } from './secret-key.ts';

const TYPE_HELLO = 0;
const TYPE_DISCONNECT = 1;
const TYPE_RETRACT = 2;
const TYPE_SPEAKERS = 3;

/** What a connection that asked for `?events=all` is told besides the key. */
export interface HelloAdditions {
  /** u32, of this connection. */
  readonly clientId: number;
  /** u32. */
  readonly podcastId: number;
  /** Only to a host: what brings it back to its podcast after its socket dropped. */
  readonly resume?: { readonly token: string; readonly seconds: number };
}

/** What was said by this speaker and has not gone out, or has not been played, is not to be heard. Hosts say it, relays pass it on. */
export interface RetractEvent {
  readonly type: 'retract';
  /** u32. */
  readonly ssrc: number;
}

export type PacketEvent =
  | {
      readonly type: 'hello';
      /** 32 bytes. */
      readonly secretKey: Uint8Array;
      readonly additions?: HelloAdditions;
    }
  | { readonly type: 'disconnect'; readonly code: number; readonly reason: string }
  | RetractEvent
  | SpeakersEvent;

/** The JSON that follows the prefix byte 0. */
export function writeEvent(event: PacketEvent): string {
  if (event.type === 'retract') {
    return JSON.stringify({ type: TYPE_RETRACT, content: { ssrc: event.ssrc } });
  }
  if (event.type === 'speakers') {
    return JSON.stringify({ type: TYPE_SPEAKERS, content: { speakers: event.speakers } });
  }
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
export function readEvent(json: string): PacketEvent | undefined {
  const { type, content } = readJsonObject(json, 'an event');
  if (typeof type !== 'number' || !isJsonObject(content))
    throw invalidPayload('an event without type and content');
  if (type === TYPE_DISCONNECT) {
    const { code, reason } = content;
    if (typeof code !== 'number' || typeof reason !== 'string') {
      throw invalidPayload('a Disconnect without code and reason');
    }
    return { type: 'disconnect', code, reason };
  }
  if (type === TYPE_RETRACT) return { type: 'retract', ssrc: ssrcIn(content, 'a Retract') };
  if (type === TYPE_SPEAKERS) return speakersIn(content, 'a Speakers');
  if (type !== TYPE_HELLO) return undefined;
  const secretKey = secretKeyFromSignedBytes(content['secretKey']);
  if (!secretKey) throw invalidPayload('a Hello whose secretKey is not 32 bytes');
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
