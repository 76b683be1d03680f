/** Pages of an Ogg stream (RFC 3533 §6), and the headers of Opus in it (RFC 7845 §5). */

//  0       4         5       6             14           18             22      26           27
//  +-------+---------+-------+-------------+------------+--------------+-------+------------+-------------------
//  | OggS  | version | flags | granule u64 | serial u32 | sequence u32 | CRC   | segments n | n lengths, packets    (little-endian)
//  +-------+---------+-------+-------------+------------+--------------+-------+------------+-------------------
const FLAGS_OFFSET = 5;
const GRANULE_LOW_OFFSET = 6;
const GRANULE_HIGH_OFFSET = 10;
const SERIAL_OFFSET = 14;
const SEQUENCE_OFFSET = 18;
const CRC_OFFSET = 22;
const SEGMENTS_OFFSET = 26;
const LACING_OFFSET = 27;
const FIRST_OF_STREAM = 0x02;
const LAST_OF_STREAM = 0x04;
const LACING_MAX = 255;
const U32 = 2 ** 32;

/**
 * The identification header of RFC 7845 §5.1: "OpusHead", version 1, stereo, 312 samples of encoder delay to skip, 48 kHz,
 * no gain, family 0.
 */
export const OPUS_HEAD: Uint8Array = Uint8Array.of(
  0x4f,
  0x70,
  0x75,
  0x73,
  0x48,
  0x65,
  0x61,
  0x64,
  1,
  2,
  0x38,
  0x01,
  0x80,
  0xbb,
  0,
  0,
  0,
  0,
  0,
);

/** The comment header of RFC 7845 §5.2. @param comments `NAME=value` */
export function opusTags(vendor: string, comments: readonly string[]): Uint8Array {
  const utf8 = new TextEncoder();
  const fields = [vendor, ...comments].map((text) => utf8.encode(text));
  const bytes = new Uint8Array(12 + fields.reduce((sum, field) => sum + 4 + field.length, 0));
  const view = new DataView(bytes.buffer);
  bytes.set(utf8.encode('OpusTags'));
  let offset = 8;
  for (const [index, field] of fields.entries()) {
    view.setUint32(offset, field.length, true);
    bytes.set(field, offset + 4);
    offset += 4 + field.length;
    if (index > 0) continue;
    view.setUint32(offset, comments.length, true);
    offset += 4;
  }
  return bytes;
}

export interface OggPage {
  /** At most so many that their lengths take 255 segments: each one 1 + length / 255. */
  readonly packets: readonly Uint8Array[];
  /** Samples of 48 kHz up to the end of the last packet. */
  readonly granule: number;
  readonly isFirst?: boolean;
  readonly isLast?: boolean;
}

/** Numbers the pages of one stream. */
export class OggPageWriter {
  readonly #serial: number;
  #sequence = 0;

  /** @param serial u32, of this stream alone */
  constructor(serial: number) {
    this.#serial = serial;
  }

  write({ packets, granule, isFirst = false, isLast = false }: OggPage): Uint8Array {
    const lacing = packets.flatMap(lacingOf);
    const page = new Uint8Array(
      LACING_OFFSET + lacing.length + packets.reduce((sum, { length }) => sum + length, 0),
    );
    const view = new DataView(page.buffer);
    page.set([0x4f, 0x67, 0x67, 0x53]);
    page[FLAGS_OFFSET] = (isFirst ? FIRST_OF_STREAM : 0) | (isLast ? LAST_OF_STREAM : 0);
    view.setUint32(GRANULE_LOW_OFFSET, granule % U32, true);
    view.setUint32(GRANULE_HIGH_OFFSET, Math.floor(granule / U32), true);
    view.setUint32(SERIAL_OFFSET, this.#serial, true);
    view.setUint32(SEQUENCE_OFFSET, this.#sequence, true);
    this.#sequence += 1;
    page[SEGMENTS_OFFSET] = lacing.length;
    page.set(lacing, LACING_OFFSET);
    let offset = LACING_OFFSET + lacing.length;
    for (const packet of packets) {
      page.set(packet, offset);
      offset += packet.length;
    }
    view.setUint32(CRC_OFFSET, oggCrc(page), true);
    return page;
  }
}

function lacingOf({ length }: Uint8Array): number[] {
  const full = Math.floor(length / LACING_MAX);
  return [...Array.from({ length: full }, () => LACING_MAX), length % LACING_MAX];
}

/** Polynomial 0x04c11db7, not reflected, from 0. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 0x8000_0000 ? (remainder << 1) ^ 0x04c1_1db7 : remainder << 1;
  }
  return remainder >>> 0;
});

function oggCrc(page: Uint8Array): number {
  let crc = 0;
  for (const byte of page) crc = ((crc << 8) ^ (CRC_TABLE[(crc >>> 24) ^ byte] ?? 0)) >>> 0;
  return crc;
}
