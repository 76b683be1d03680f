/** The nonce our senders write: the frame's RTP header, then a part that never repeats (protocol.md §3, Which nonce). */
import { NONCE_BYTES } from './packet.ts';
import { randomU32 } from './random-u32.ts';

//  0      1      2         4           8        12            16                  24
//  +------+------+---------+-----------+--------+-------------+-------------------+
//  | 0x80 | 0x78 | seq u16 | timestamp | SSRC   | epoch u32   | counter u64       |
//  +------+------+---------+-----------+--------+-------------+-------------------+
const RTP_VERSION_2 = 0x80;
const PAYLOAD_TYPE_OPUS = 0x78;
const SEQUENCE_OFFSET = 2;
const TIMESTAMP_OFFSET = 4;
const SSRC_OFFSET = 8;
const EPOCH_OFFSET = 12;
const COUNTER_HIGH_OFFSET = 16;
const COUNTER_LOW_OFFSET = 20;
const U32 = 2 ** 32;

/** Where a frame stands in its speaker's RTP stream (RFC 3550 §5.1, RFC 7587 §4.1). */
export interface RtpMetadata {
  /** u16, +1 a packet. */
  readonly sequence: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  /** u32, one a speaker. */
  readonly ssrc: number;
}

/** Gives every packet of one connection a nonce that no other packet under the same key has. */
export class NonceWriter {
  readonly #epoch: number;
  #counter = 0;

  /** @param epoch u32, random for each connection, so that two connections under one key never meet */
  constructor(epoch: number = randomU32()) {
    this.#epoch = epoch;
  }

  /** Writes the next nonce into the first 24 bytes of `into`, and returns `into`. */
  next(rtp: RtpMetadata, into: Uint8Array = new Uint8Array(NONCE_BYTES)): Uint8Array {
    const view = new DataView(into.buffer, into.byteOffset, NONCE_BYTES);
    view.setUint8(0, RTP_VERSION_2);
    view.setUint8(1, PAYLOAD_TYPE_OPUS);
    view.setUint16(SEQUENCE_OFFSET, rtp.sequence);
    view.setUint32(TIMESTAMP_OFFSET, rtp.timestamp);
    view.setUint32(SSRC_OFFSET, rtp.ssrc);
    view.setUint32(EPOCH_OFFSET, this.#epoch);
    view.setUint32(COUNTER_HIGH_OFFSET, Math.floor(this.#counter / U32));
    view.setUint32(COUNTER_LOW_OFFSET, this.#counter % U32);
    this.#counter += 1;
    return into;
  }
}

/** The RTP header inside a nonce; undefined for a foreign sender's, which means "one source, in order of arrival". */
export function readRtpMetadata(nonce: Uint8Array): RtpMetadata | undefined {
  if (nonce.length !== NONCE_BYTES || nonce[0] !== RTP_VERSION_2 || nonce[1] !== PAYLOAD_TYPE_OPUS) {
    return undefined;
  }
  const view = new DataView(nonce.buffer, nonce.byteOffset, NONCE_BYTES);
  return {
    sequence: view.getUint16(SEQUENCE_OFFSET),
    timestamp: view.getUint32(TIMESTAMP_OFFSET),
    ssrc: view.getUint32(SSRC_OFFSET),
  };
}
