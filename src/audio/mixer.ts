/** One run of mixed frames: the sum of all speakers through a limiter and an encoder, exactly one frame behind its input. */
import { LIMITER_DELAY_SAMPLES, Limiter } from './limiter.ts';
import { type Channels, ENCODER_DELAY_SAMPLES, FRAME_SAMPLES, type OpusEncoder } from './opus-codec.ts';
import { KEPT_FRAMES, type Speaker } from './speaker.ts';
import { ramp } from './voice-decoder.ts';

/** Limiter and encoder together are as late as a packet that is held for one tick: passed and mixed frames fit together. */
export const MIX_DELAY_SAMPLES = LIMITER_DELAY_SAMPLES + ENCODER_DELAY_SAMPLES;

type Speakers = ReadonlyMap<number, Speaker>;

export class Mixer {
  readonly channels: Channels;
  readonly #encoder: OpusEncoder;
  readonly #limiter: Limiter;
  readonly #sum: Float32Array;
  readonly #limited: Float32Array;
  #gain: number;
  #isFirst = true;

  /**
   * The encoder hears the kept frames first: a packet tells of the middle of a sound only to who knows its beginning.
   * @param encoder a new one; the mixer frees it
   * @param gain of the sum, in the frames before
   */
  constructor(encoder: OpusEncoder, speakers: Speakers, gain: number) {
    this.channels = encoder.channels;
    this.#encoder = encoder;
    this.#limiter = new Limiter(encoder.channels);
    this.#sum = new Float32Array(FRAME_SAMPLES * encoder.channels);
    this.#limited = new Float32Array(FRAME_SAMPLES * encoder.channels);
    this.#gain = gain;
    for (let back = KEPT_FRAMES - 1; back > 0; back--) {
      this.#limit(speakers, back, gain);
      // The first frame out of the limiter begins with the emptiness of a new one.
      if (back < KEPT_FRAMES - 1) this.#encoder.encode(this.#limited);
    }
  }

  /** Whether the limiter changes nothing. */
  get isResting(): boolean {
    return this.#limiter.isResting && this.#gain === 1;
  }

  /**
   * @param gain of the sum at the end of the newest frame
   * @returns a packet with the frame before
   */
  mix(speakers: Speakers, gain: number): Uint8Array {
    this.#limit(speakers, 0, gain);
    if (!this.#isFirst) return this.#encoder.encode(this.#limited);
    // Listeners' decoders come from another stream: what they remember is not what this encoder does.
    this.#encoder.setIndependent(true);
    const packet = this.#encoder.encode(this.#limited);
    this.#encoder.setIndependent(false);
    this.#isFirst = false;
    return packet;
  }

  free(): void {
    this.#encoder.free();
  }

  #limit(speakers: Speakers, back: number, gain: number): void {
    this.#sum.fill(0);
    for (const speaker of speakers.values()) speaker.addTo(this.#sum, this.channels, back);
    if (gain !== 1 || this.#gain !== 1) ramp(this.#sum, this.channels, this.#gain, gain, FRAME_SAMPLES);
    this.#gain = gain;
    this.#limiter.process(this.#sum, this.#limited);
  }
}
