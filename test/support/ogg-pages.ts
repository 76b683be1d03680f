/** Reads pages of Ogg as RFC 3533 §6 has them, by another way than the code under test. */

export interface ReadOggPage {
  readonly flags: number;
  readonly granule: bigint;
  readonly serial: number;
  readonly sequence: number;
  readonly packets: readonly Buffer[];
}

/** @throws Error for what is not whole pages, or has a wrong CRC */
export function readOggPages(bytes: Uint8Array): ReadOggPage[] {
  const pages: ReadOggPage[] = [];
  let rest = Buffer.from(bytes);
  while (rest.length > 0) {
    if (rest.toString('latin1', 0, 5) !== 'OggS\0') throw new Error('not a page');
    const segments = rest.readUInt8(26);
    const lengths = [...rest.subarray(27, 27 + segments)];
    const end = 27 + segments + lengths.reduce((sum, length) => sum + length, 0);
    if (end > rest.length) throw new Error('a page that is not whole');
    const page = rest.subarray(0, end);
    const crc = page.readUInt32LE(22);
    const blank = Buffer.from(page);
    blank.fill(0, 22, 26);
    if (crcOf(blank) !== crc) throw new Error('a wrong CRC');
    pages.push({
      flags: page.readUInt8(5),
      granule: page.readBigUInt64LE(6),
      serial: page.readUInt32LE(14),
      sequence: page.readUInt32LE(18),
      packets: packetsOf(page.subarray(27 + segments), lengths),
    });
    rest = rest.subarray(end);
  }
  return pages;
}

function packetsOf(body: Buffer, lengths: readonly number[]): Buffer[] {
  const packets: Buffer[] = [];
  let start = 0;
  let end = 0;
  for (const length of lengths) {
    end += length;
    if (length === 255) continue;
    packets.push(body.subarray(start, end));
    start = end;
  }
  return packets;
}

/** Bit by bit. */
function crcOf(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit -= 1) {
      const isOne = (crc >>> 31) ^ ((byte >> bit) & 1);
      crc = ((crc << 1) ^ (isOne ? 0x04c1_1db7 : 0)) >>> 0;
    }
  }
  return crc;
}
