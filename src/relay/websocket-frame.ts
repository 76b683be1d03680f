/** Builds server → client WebSocket frames once for all listeners: unmasked, unfragmented, binary (RFC 6455 §5.2). */

//  0                   1                   2                   4
//  +-------------------+-------------------+-------------------+----------
//  | 0x82: FIN, binary | length, or 126    | length u16 if 126 | packet …
//  +-------------------+-------------------+-------------------+----------
const FIN_BINARY = 0x82;
const LENGTH_IS_U16 = 126;
const SHORT_MAX_BYTES = 125;
const SHORT_HEADER_BYTES = 2;
const LONG_HEADER_BYTES = 4;

/** Of a packet of at most 65,535 bytes, with its header. */
export function frameBytes(packet: Uint8Array): number {
  return packet.length + (packet.length > SHORT_MAX_BYTES ? LONG_HEADER_BYTES : SHORT_HEADER_BYTES);
}

/** Writes one frame into `into` at `offset` and returns the offset behind it. */
export function writeFrame(packet: Uint8Array, into: Uint8Array, offset: number): number {
  into[offset] = FIN_BINARY;
  if (packet.length > SHORT_MAX_BYTES) {
    into[offset + 1] = LENGTH_IS_U16;
    into[offset + 2] = packet.length >>> 8;
    into[offset + 3] = packet.length & 0xff;
  } else {
    into[offset + 1] = packet.length;
  }
  const end = offset + frameBytes(packet);
  into.set(packet, end - packet.length);
  return end;
}

/**
 * The frames up to and with the one in which the byte at `offset` lies.
 * @param frames whole ones, as `writeFrame` writes them
 */
export function framesThrough(frames: Uint8Array, offset: number): { bytes: number; frames: number } {
  let bytes = 0;
  let count = 0;
  while (bytes <= offset && bytes < frames.length) {
    const short = frames[bytes + 1] ?? 0;
    const high = frames[bytes + 2] ?? 0;
    const low = frames[bytes + 3] ?? 0;
    bytes += short === LENGTH_IS_U16 ? LONG_HEADER_BYTES + (high << 8) + low : SHORT_HEADER_BYTES + short;
    count += 1;
  }
  return { bytes, frames: count };
}
