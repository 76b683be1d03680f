/** Reads and writes the RTP packets of Discord's voice servers, and takes the payload out of a decrypted one (RFC 3550 §5.1, §5.3.1). */

import type { RtpMetadata } from '../../protocol/nonce.ts';

//   0               1               2               3
//  +-+-+-+-+-------+-+-------------+-------------------------------+
//  |V=2|P|X|  CC   |M| PT = 0x78   | sequence u16                  |
//  +---+-+-+-------+-+-------------+-------------------------------+
//  | timestamp u32 (48 kHz)                                        |
//  +---------------------------------------------------------------+
//  | SSRC u32                                                      |
//  +---------------------------------------------------------------+
//  | CSRC u32 × CC                                                 |
//  +-------------------------------+-------------------------------+
//  | X: profile u16                | X: length u16, in words       |  the end of what is authenticated in clear
//  +===============================+===============================+
//  | encrypted: extension data, payload, padding …                 |
//  +---------------------------------------------------------------+
//  | tag, 16 bytes                                                 |
//  +---------------------------------------------------------------+
//  | nonce u32                                                     |
//  +---------------------------------------------------------------+
const FIXED_HEADER_BYTES = 12;
const EXTENSION_PREAMBLE_BYTES = 4;
const SEQUENCE_OFFSET = 2;
const TIMESTAMP_OFFSET = 4;
const SSRC_OFFSET = 8;
const VERSION = 2;
const PAYLOAD_TYPE_OPUS = 0x78;
const WORD_BYTES = 4;

export const TAG_BYTES = 16;
export const NONCE_COUNTER_BYTES = 4;
const TRAILER_BYTES = TAG_BYTES + NONCE_COUNTER_BYTES;

export interface RtpHeader extends RtpMetadata {
  /** How many bytes at the start stand in clear and are authenticated. */
  readonly headerBytes: number;
  readonly padded: boolean;
  /** Bytes of extension data in front of the payload, inside the encrypted part. */
  readonly extensionBytes: number;
}

/** Undefined for anything that is not a whole Opus RTP packet of version 2; never throws, whatever the length. */
export function readRtpHeader(datagram: Buffer): RtpHeader | undefined {
  if (datagram.length < FIXED_HEADER_BYTES + TRAILER_BYTES) return undefined;
  const flags = datagram[0]!;
  if (flags >> 6 !== VERSION || (datagram[1]! & 0x7f) !== PAYLOAD_TYPE_OPUS) return undefined;
  const extended = (flags & 0x10) !== 0;
  const headerBytes =
    FIXED_HEADER_BYTES + WORD_BYTES * (flags & 0x0f) + (extended ? EXTENSION_PREAMBLE_BYTES : 0);
  if (datagram.length < headerBytes + TRAILER_BYTES) return undefined;
  return {
    sequence: datagram.readUInt16BE(SEQUENCE_OFFSET),
    timestamp: datagram.readUInt32BE(TIMESTAMP_OFFSET),
    ssrc: datagram.readUInt32BE(SSRC_OFFSET),
    headerBytes,
    padded: (flags & 0x20) !== 0,
    extensionBytes: extended ? WORD_BYTES * datagram.readUInt16BE(headerBytes - 2) : 0,
  };
}

/** A header without padding, extension or contributing sources. */
export function writeRtpHeader({ sequence, timestamp, ssrc }: RtpMetadata): Buffer {
  const header = Buffer.alloc(FIXED_HEADER_BYTES);
  header[0] = VERSION << 6;
  header[1] = PAYLOAD_TYPE_OPUS;
  header.writeUInt16BE(sequence, SEQUENCE_OFFSET);
  header.writeUInt32BE(timestamp, TIMESTAMP_OFFSET);
  header.writeUInt32BE(ssrc, SSRC_OFFSET);
  return header;
}

/** The payload inside the decrypted part: padding off its end, extension data off its front. Undefined when they do not fit. */
export function payloadOf(decrypted: Buffer, header: RtpHeader): Buffer | undefined {
  let end = decrypted.length;
  if (header.padded) {
    const paddingBytes = decrypted.at(-1) ?? 0;
    if (paddingBytes === 0) return undefined;
    end -= paddingBytes;
  }
  return end < header.extensionBytes ? undefined : decrypted.subarray(header.extensionBytes, end);
}
