/**
 * RTP packets (RFC 3550 §5.1) as Discord's "rtpsize" modes lay them out: which bytes travel in the clear, which sealed.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *     |V=2|P|X|  CC   |M|     PT      |            sequence           | ┐
 *     |                           timestamp                           | │ in the clear,
 *     |                             SSRC                              | │ authenticated
 *     |                     CSRCs (CC × 4 bytes)                      | │
 *     |    extension profile (X)      |   extension length in words   | ┘
 *     |               extension data (length × 4 bytes)               | ┐
 *     |                            payload                            | │ sealed
 *     |          padding (P), its last byte counts itself too         | ┘
 *     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 */

/** The payload type that Discord gives to Opus. */
const opusPayloadType = 120;

const fixedHeaderBytes = 12;
const csrcBytes = 4;
const preambleBytes = 4;
const versionBits = 0x80;
const paddingBit = 0x20;
const extensionBit = 0x10;
const csrcCountMask = 0x0f;
/** RFC 8285 one-byte extension headers. */
const extensionProfile = 0xbede;

export interface RtpPacket {
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, 48 kHz. */
  readonly timestamp: number;
  /** 32 bits. */
  readonly ssrc: number;
  readonly payload: Buffer;
  /** Header extension data; a whole number of 4-byte words. */
  readonly extension?: Buffer | undefined;
  /** Padding bytes after the payload, 1…255, counting byte included. */
  readonly padding?: number | undefined;
  /** At most 15 contributing sources. */
  readonly csrcs?: readonly number[] | undefined;
}

/** The two halves of a packet: what stays readable and what is sealed. */
export interface RtpParts {
  readonly header: Buffer;
  readonly body: Buffer;
}

/**
 * Lays a packet out.
 * @throws RangeError for an extension of broken words, too many CSRCs or impossible padding
 */
export function encodeRtp(packet: RtpPacket): RtpParts {
  const { extension, padding = 0, csrcs = [] } = packet;
  if (extension && extension.length % 4 !== 0) {
    throw new RangeError(`header extension of ${extension.length} bytes: must be a multiple of 4`);
  }
  if (csrcs.length > csrcCountMask) throw new RangeError(`${csrcs.length} CSRCs: 15 are the most`);
  if (padding < 0 || padding > 255)
    throw new RangeError(`padding of ${padding} bytes: 1 to 255 are possible`);
  const preambleAt = fixedHeaderBytes + csrcs.length * csrcBytes;
  const header = Buffer.alloc(preambleAt + (extension ? preambleBytes : 0));
  header[0] = versionBits | (padding > 0 ? paddingBit : 0) | (extension ? extensionBit : 0) | csrcs.length;
  header[1] = opusPayloadType;
  header.writeUInt16BE(packet.sequence, 2);
  header.writeUInt32BE(packet.timestamp, 4);
  header.writeUInt32BE(packet.ssrc, 8);
  for (const [index, csrc] of csrcs.entries())
    header.writeUInt32BE(csrc, fixedHeaderBytes + index * csrcBytes);
  if (!extension && padding === 0) return { header, body: packet.payload };
  if (extension) {
    header.writeUInt16BE(extensionProfile, preambleAt);
    header.writeUInt16BE(extension.length / 4, preambleAt + 2);
  }
  const paddingData = Buffer.alloc(padding);
  if (padding > 0) paddingData[padding - 1] = padding;
  return { header, body: Buffer.concat([extension ?? Buffer.alloc(0), packet.payload, paddingData]) };
}

/**
 * How many bytes of a datagram travel in the clear.
 * @throws RangeError for a datagram that cannot be RTP version 2
 */
export function rtpHeaderLength(datagram: Buffer): number {
  const first = datagram[0];
  if (first === undefined || datagram.length < fixedHeaderBytes) {
    throw new RangeError(`datagram of ${datagram.length} bytes: an RTP header takes ${fixedHeaderBytes}`);
  }
  if ((first & 0xc0) !== versionBits) throw new RangeError(`RTP version ${first >> 6}: only 2 is known`);
  const preamble = (first & extensionBit) === 0 ? 0 : preambleBytes;
  const length = fixedHeaderBytes + (first & csrcCountMask) * csrcBytes + preamble;
  if (datagram.length < length) {
    throw new RangeError(`datagram of ${datagram.length} bytes: its RTP header takes ${length}`);
  }
  return length;
}

/**
 * Reads a packet whose body has been opened.
 * @throws RangeError for a header, extension or padding that does not fit
 */
export function decodeRtp({ header, body }: RtpParts): RtpPacket {
  const headerLength = rtpHeaderLength(header);
  const first = header.readUInt8(0);
  const csrcCount = first & csrcCountMask;
  const csrcs = Array.from({ length: csrcCount }, (_, index) =>
    header.readUInt32BE(fixedHeaderBytes + index * csrcBytes),
  );
  const hasExtension = (first & extensionBit) !== 0;
  const extensionBytes = hasExtension ? header.readUInt16BE(headerLength - 2) * 4 : 0;
  const padding = (first & paddingBit) === 0 ? 0 : (body.at(-1) ?? 0);
  if (extensionBytes + padding > body.length) {
    throw new RangeError(
      `body of ${body.length} bytes: extension and padding take ${extensionBytes + padding}`,
    );
  }
  return {
    sequence: header.readUInt16BE(2),
    timestamp: header.readUInt32BE(4),
    ssrc: header.readUInt32BE(8),
    payload: body.subarray(extensionBytes, body.length - padding),
    ...(hasExtension ? { extension: body.subarray(0, extensionBytes) } : {}),
    ...(padding > 0 ? { padding } : {}),
    ...(csrcCount > 0 ? { csrcs } : {}),
  };
}
