/** The presentation language of MLS (RFC 9420 §2.1): big-endian integers and vectors that carry their length. */

const oneByteLimit = 1 << 6;
const twoByteLimit = 1 << 14;
const fourByteLimit = 1 << 30;

/** A 16-bit integer. */
export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** A 32-bit integer. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A 64-bit integer. */
export function uint64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}

/**
 * A length in as few bytes as possible (RFC 9420 §2.1.2): the two top bits tell whether 1, 2 or 4.
 * @throws RangeError from 2³⁰ on
 */
export function varint(value: number): Buffer {
  if (value < oneByteLimit) return Buffer.of(value);
  if (value < twoByteLimit) return uint16(0x4000 | value);
  if (value < fourByteLimit) return uint32(0x8000_0000 + value);
  throw new RangeError(`length ${value}: ${fourByteLimit - 1} is the most`);
}

/** A vector: its length in bytes, then its content. */
export function vector(...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(length), ...content]);
}

/** Reads MLS structures front to back; every method throws RangeError when the bytes run out. */
export class MlsReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#position;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#position;
  }

  bytes(count: number): Buffer {
    if (count > this.left)
      throw new RangeError(`MLS message cut short: ${count} bytes wanted, ${this.left} left`);
    this.#position += count;
    return this.#bytes.subarray(this.#position - count, this.#position);
  }

  /** What was read since an earlier position. */
  since(position: number): Buffer {
    return this.#bytes.subarray(position, this.#position);
  }

  uint8(): number {
    return this.bytes(1).readUInt8(0);
  }

  uint16(): number {
    return this.bytes(2).readUInt16BE(0);
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE(0);
  }

  uint64(): bigint {
    return this.bytes(8).readBigUInt64BE(0);
  }

  varint(): number {
    const first = this.uint8();
    const low = first & 0x3f;
    switch (first >> 6) {
      case 0:
        return low;
      case 1:
        return (low << 8) | this.uint8();
      case 2:
        return (low << 24) | (this.bytes(3).readUIntBE(0, 3) >>> 0);
      default:
        throw new RangeError('MLS length of 8 bytes: 1, 2 and 4 are allowed');
    }
  }

  vector(): Buffer {
    return this.bytes(this.varint());
  }
}

/** The message, or undefined if somebody sent something that cannot be read. */
export function tryRead<Message>(read: () => Message): Message | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
