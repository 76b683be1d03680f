/** One run of mixed frames: the sum of all speakers through a limiter. */
import { Limiter } from './limiter.ts';
import { type Channels, FRAME_SAMPLES } from './frame.ts';
import { KEPT_FRAMES, type Speaker } from './speaker.ts';
import { ramp } from './voice-decoder.ts';

export type SpeakersBySsrc = ReadonlyMap<number, Speaker>;

/** Later than the speakers' newest frames by LIMITER_DELAY_SAMPLES. */
export class LimitedSum {
  readonly #channels: Channels;
  readonly #limiter: Limiter;
  readonly #sum: Float32Array;
  readonly #limited: Float32Array;
  #gain: number;

  /**
   * It hears the kept frames first, so that a run may begin in the middle of a sound.
   * @param gain of the sum, in the frames before
   * @param onBefore hears what the kept frames are, limited; the array is valid during the call
   */
  constructor(
    channels: Channels,
    speakers: SpeakersBySsrc,
    gain: number,
    onBefore?: (pcm: Float32Array) => void,
  ) {
    this.#channels = channels;
    this.#limiter = new Limiter(channels);
    this.#sum = new Float32Array(FRAME_SAMPLES * channels);
    this.#limited = new Float32Array(FRAME_SAMPLES * channels);
    this.#gain = gain;
    for (let back = KEPT_FRAMES - 1; back > 0; back--) {
      const pcm = this.#limit(speakers, back, gain);
      // The first frame out of the limiter begins with the emptiness of a new one.
      if (back < KEPT_FRAMES - 1) onBefore?.(pcm);
    }
  }

  /** Whether the limiter changes nothing. */
  get isResting(): boolean {
    return this.#limiter.isResting && this.#gain === 1;
  }

  /**
   * @param gain of the sum at the end of the newest frame
   * @returns 20 ms, channels interleaved; valid until the next call
   */
  next(speakers: SpeakersBySsrc, gain: number): Float32Array {
    return this.#limit(speakers, 0, gain);
  }

  #limit(speakers: SpeakersBySsrc, back: number, gain: number): Float32Array {
    this.#sum.fill(0);
    for (const speaker of speakers.values()) speaker.addTo(this.#sum, this.#channels, back);
    if (gain !== 1 || this.#gain !== 1) ramp(this.#sum, this.#channels, this.#gain, gain, FRAME_SAMPLES);
    this.#gain = gain;
    this.#limiter.process(this.#sum, this.#limited);
    return this.#limited;
  }
}
