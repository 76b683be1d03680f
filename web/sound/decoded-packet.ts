/** What the receiver makes of packets, and the player plays. */

/** A packet in the clear. */
export interface ReceivedPacket {
  /** u32. */
  readonly ssrc: number;
  /** u16. */
  readonly sequence: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  readonly opus: Uint8Array;
  /** When it came, ms since 1970. */
  readonly arrivedMs: number;
}

/** A packet and its sound. */
export interface DecodedPacket extends ReceivedPacket {
  /** Of 48 kHz, within ±1, channels interleaved: two if the packet says that it has two, else one. */
  readonly pcm: Float32Array;
}
