/** One run of mixed frames: the sum of all speakers through a limiter and an encoder, exactly one frame behind its input. */
import { LimitedSum, type SpeakersBySsrc } from './limited-sum.ts';
import { LIMITER_DELAY_SAMPLES } from './limiter.ts';
import type { Channels } from './frame.ts';
import { ENCODER_DELAY_SAMPLES, type OpusEncoder } from './opus-codec.ts';

/** Limiter and encoder together are as late as a packet that is held for one tick: passed and mixed frames fit together. */
export const MIX_DELAY_SAMPLES = LIMITER_DELAY_SAMPLES + ENCODER_DELAY_SAMPLES;

export class Mixer {
  readonly channels: Channels;
  readonly #encoder: OpusEncoder;
  readonly #sum: LimitedSum;
  #isFirst = true;

  /**
   * The encoder hears the kept frames first: a packet tells of the middle of a sound only to who knows its beginning.
   * @param encoder a new one; the mixer frees it
   * @param gain of the sum, in the frames before
   */
  constructor(encoder: OpusEncoder, speakers: SpeakersBySsrc, gain: number) {
    this.channels = encoder.channels;
    this.#encoder = encoder;
    this.#sum = new LimitedSum(encoder.channels, speakers, gain, (pcm) => this.#encoder.encode(pcm));
  }

  /** Whether the limiter changes nothing. */
  get isResting(): boolean {
    return this.#sum.isResting;
  }

  /**
   * @param gain of the sum at the end of the newest frame
   * @returns a packet with the frame before
   */
  mix(speakers: SpeakersBySsrc, gain: number): Uint8Array {
    const limited = this.#sum.next(speakers, gain);
    if (!this.#isFirst) return this.#encoder.encode(limited);
    // Listeners' decoders come from another stream: what they remember is not what this encoder does.
    this.#encoder.setIndependent(true);
    const packet = this.#encoder.encode(limited);
    this.#encoder.setIndependent(false);
    this.#isFirst = false;
    return packet;
  }

  free(): void {
    this.#encoder.free();
  }
}
