/** The packets of a podcast's WebSocket: one byte that says what follows, then an event or sealed audio (protocol.md §3). */
import { invalidPayload } from './close-codes.ts';

//  0                   1
//  +-------------------+------------------------------------------+
//  | 0 = event         | UTF-8 JSON {"type": n, "content": {…}}   |
//  +-------------------+------------------------+-----------------+
//  | 1 = audio         | nonce (24 bytes)       | sealed Opus (n) |
//  +-------------------+------------------------+-----------------+
const PREFIX_EVENT = 0;
const PREFIX_AUDIO = 1;
const NONCE_OFFSET = 1;

export const NONCE_BYTES = 24;
/** The Poly1305 tag that crypto_secretbox puts in front of the ciphertext. */
const SEAL_BYTES = 16;
/** The largest Opus frame (RFC 6716 §3.2.1: a frame's length is at most 1275 bytes). */
export const OPUS_MAX_BYTES = 1275;

const SEALED_OFFSET = NONCE_OFFSET + NONCE_BYTES;
export const AUDIO_PACKET_MIN_BYTES = SEALED_OFFSET + SEAL_BYTES + 1;
export const AUDIO_PACKET_MAX_BYTES = SEALED_OFFSET + SEAL_BYTES + OPUS_MAX_BYTES;

export type Packet =
  | { readonly kind: 'event'; readonly json: string }
  /** Views into the message, not copies. */
  | { readonly kind: 'audio'; readonly nonce: Uint8Array; readonly sealed: Uint8Array };

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** `0 ‖ UTF-8 JSON`. */
export function writeEventPacket(json: string): Uint8Array {
  const body = utf8.encode(json);
  const packet = new Uint8Array(1 + body.length);
  packet[0] = PREFIX_EVENT;
  packet.set(body, 1);
  return packet;
}

/** `1 ‖ nonce (24 bytes) ‖ sealed (17 … 1291 bytes)`; the lengths are the caller's to keep. */
export function writeAudioPacket(nonce: Uint8Array, sealed: Uint8Array): Uint8Array {
  const packet = new Uint8Array(SEALED_OFFSET + sealed.length);
  packet[0] = PREFIX_AUDIO;
  packet.set(nonce, NONCE_OFFSET);
  packet.set(sealed, SEALED_OFFSET);
  return packet;
}

/**
 * Checks that a message is an audio packet of the contract, without copying or opening it.
 * @throws ContractError (4002) that names the rule and the number that broke it
 */
export function assertAudioPacket(message: Uint8Array): void {
  if (message.length === 0)
    throw invalidPayload('an empty message: a packet starts with a byte that says its kind');
  if (message[0] !== PREFIX_AUDIO) {
    throw invalidPayload(`a message that starts with ${message[0]}: a host sends audio, which starts with 1`);
  }
  if (message.length < AUDIO_PACKET_MIN_BYTES) {
    throw invalidPayload(
      `an audio packet of ${message.length} bytes: ${AUDIO_PACKET_MIN_BYTES} is the least`,
    );
  }
  if (message.length > AUDIO_PACKET_MAX_BYTES) {
    throw invalidPayload(`an audio packet of ${message.length} bytes: ${AUDIO_PACKET_MAX_BYTES} is the most`);
  }
}

/** Whether a message says that it is an event. */
export function isEventPacket(message: Uint8Array): boolean {
  return message[0] === PREFIX_EVENT;
}

/** The nonce of a packet that `assertAudioPacket` let through (a view). */
export function nonceOf(audioPacket: Uint8Array): Uint8Array {
  return audioPacket.subarray(NONCE_OFFSET, SEALED_OFFSET);
}

/**
 * Splits one message of the relay.
 * @throws ContractError (4002) that names the rule and the number that broke it
 */
export function readPacket(message: Uint8Array): Packet {
  if (isEventPacket(message)) {
    try {
      return { kind: 'event', json: strictUtf8.decode(message.subarray(1)) };
    } catch {
      throw invalidPayload('an event that is not UTF-8');
    }
  }
  assertAudioPacket(message);
  return { kind: 'audio', nonce: nonceOf(message), sealed: message.subarray(SEALED_OFFSET) };
}
