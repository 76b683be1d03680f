/** The kit's own reading and writing of packets: a fault of the relay's code must not be shared (protocol.md §3). */
import { randomBytes } from 'node:crypto';
import { open, seal } from '../protocol/sealing.ts';

const EVENT = 0;
const AUDIO = 1;
export const NONCE_BYTES = 24;

/** An RTP header's first two bytes, and where the rest stands in a nonce (protocol.md §3, Which nonce). */
const RTP = 0x8078;
const SEQUENCE_OFFSET = 2;
const TIMESTAMP_OFFSET = 4;
const SSRC_OFFSET = 8;
const NOISE_BYTES = 120;
/** 20 ms. */
export const FRAME_SAMPLES = 960;

/** Where a packet says that it stands; undefined when it does not. */
export function readRtp(packet: Buffer): { sequence: number; timestamp: number; ssrc: number } | undefined {
  const nonce = packet.subarray(1, 1 + NONCE_BYTES);
  if (nonce.length < NONCE_BYTES || nonce.readUInt16BE(0) !== RTP) return undefined;
  return {
    sequence: nonce.readUInt16BE(SEQUENCE_OFFSET),
    timestamp: nonce.readUInt32BE(TIMESTAMP_OFFSET),
    ssrc: nonce.readUInt32BE(SSRC_OFFSET),
  };
}

export function isAudio(packet: Uint8Array): boolean {
  return packet[0] === AUDIO;
}

/** What follows the byte 0; undefined for anything that is not such an event. */
export function readEvent(
  packet: Buffer,
): { readonly type: unknown; readonly content: Readonly<Record<string, unknown>> } | undefined {
  if (packet[0] !== EVENT) return undefined;
  try {
    const { type, content } = JSON.parse(packet.subarray(1).toString()) as {
      type: unknown;
      content: unknown;
    };
    return typeof content === 'object' && content !== null
      ? { type, content: content as Record<string, unknown> }
      : undefined;
  } catch {
    return undefined;
  }
}

/** An event as a host of section 3 sends it. */
export function eventPacket(type: number, content: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.concat([Buffer.of(EVENT), Buffer.from(JSON.stringify({ type, content }))]);
}

/** 32 bytes out of a JSON array, signed or not: whether they are signed is a demand of its own. */
export function readKey(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value) || value.length !== 32) return undefined;
  return value.every((byte) => Number.isInteger(byte)) ? Uint8Array.from(value as number[]) : undefined;
}

/** A podcast's key, with which packets are sealed as a host does it. */
export class SealingKey {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** `1 ‖ nonce ‖ crypto_secretbox(opus)`. @param opusBytes 1 … 1275: length of the frame, which is random */
  packet(opusBytes = 60, nonce: Uint8Array = randomBytes(NONCE_BYTES)): Buffer {
    return Buffer.concat([Buffer.of(AUDIO), this.datagram(opusBytes, nonce)]);
  }

  /** The frame in a packet; undefined when it does not open. */
  opened(packet: Uint8Array): Uint8Array | undefined {
    return open(packet.subarray(1 + NONCE_BYTES), packet.subarray(1, 1 + NONCE_BYTES), this.bytes);
  }

  /** A packet of 20 ms of noise, stereo (RFC 6716 §3.1: any bytes behind 0xFC are such a frame), at its place in a stream. */
  noise(ssrc: number, sequence: number): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    nonce.writeUInt16BE(RTP, 0);
    nonce.writeUInt16BE(sequence, SEQUENCE_OFFSET);
    nonce.writeUInt32BE(sequence * FRAME_SAMPLES, TIMESTAMP_OFFSET);
    nonce.writeUInt32BE(ssrc, SSRC_OFFSET);
    const opus = Buffer.concat([Buffer.of(0xfc), randomBytes(NOISE_BYTES)]);
    return Buffer.concat([Buffer.of(AUDIO), nonce, seal(opus, nonce, this.bytes)]);
  }

  /** `nonce ‖ crypto_secretbox(opus)`, as it goes by UDP (protocol.md §4). */
  datagram(opusBytes = 60, nonce: Uint8Array = randomBytes(NONCE_BYTES)): Buffer {
    return Buffer.concat([nonce, seal(randomBytes(opusBytes), nonce, this.bytes)]);
  }
}

/** A packet as it is quoted in a sentence. */
export function shown(packet: Buffer): string {
  return `${packet.length} bytes (${packet.subarray(0, 8).toString('hex')}…)`;
}
