/** Sealed packets of a programme, as its thread makes them. */
import { NonceWriter } from '../../src/protocol/nonce.ts';
import { writeAudioPacket } from '../../src/protocol/packet.ts';
import { seal } from '../../src/protocol/sealing.ts';

/** One stream: SSRC, sequence +1, timestamp +960 a frame. */
export class ProgrammePackets {
  readonly #key: Uint8Array;
  readonly #ssrc: number;
  readonly #nonces: NonceWriter;
  #timestamp: number;
  #sequence = 0;

  /** @param key 32 bytes @param ssrc u32 @param timestamp of the first frame */
  constructor(key: Uint8Array, ssrc: number, timestamp = 0xffff_0000) {
    this.#key = key;
    this.#ssrc = ssrc;
    this.#nonces = new NonceWriter(ssrc);
    this.#timestamp = timestamp;
  }

  /** The next 20 ms, as `1 ‖ nonce ‖ sealed`. */
  next(opus: Uint8Array): Uint8Array {
    const rtp = { ssrc: this.#ssrc, sequence: this.#sequence & 0xffff, timestamp: this.#timestamp };
    const nonce = this.#nonces.next(rtp, new Uint8Array(24));
    this.#sequence += 1;
    this.skip(1);
    return writeAudioPacket(nonce, seal(opus, nonce, this.#key));
  }

  /** Frames that are never made. */
  skip(frames: number): void {
    this.#timestamp = (this.#timestamp + 960 * frames) >>> 0;
  }
}
