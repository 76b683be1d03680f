/** A podcast louder or quieter than it was sent: decoded, scaled and encoded anew, once for all guilds that want it so. */
import { Limiter } from '../../audio/limiter.ts';
import { FRAME_SAMPLES } from '../../audio/frame.ts';
import type { OpusCodec, OpusDecoder, OpusEncoder } from '../../audio/opus-codec.ts';
import { isSilence } from '../../audio/opus-packet.ts';

const CHANNELS = 2;
/** How many frames of silence go on carrying what limiter and encoder still hold: they are 20 ms behind. */
const TAIL_FRAMES = 2;
/** One volume costs as much as some fifteen guilds do (bench/README.md), so there are only these: 10 %, 20 % … 200 %. */
const STEP_PERCENT = 10;
/** At 0.3 ms a frame these take half of a core, which is also the one that everything else of the bot has. */
export const MOST_VOLUMES = 32;

export const LEAST_PERCENT = 10;
export const MOST_PERCENT = 200;
/** As it was sent. */
export const UNITY_PERCENT = 100;

/** The step that is nearest. @param percent of the amplitude: 50 is 6 dB quieter */
export function volumeStep(percent: number): number {
  const step = Math.round(percent / STEP_PERCENT) * STEP_PERCENT;
  return Math.min(MOST_PERCENT, Math.max(LEAST_PERCENT, step));
}

/** A podcast at a volume. */
interface Loudness {
  readonly podcastId: number;
  readonly percent: number;
}

/** Whether a podcast may be decoded and encoded at this volume: it is already for somebody, or not too many others are. */
export function isAffordable(inUse: readonly Loudness[], wanted: Loudness): boolean {
  const nameOf = ({ podcastId, percent }: Loudness): string => `${podcastId} ${percent}`;
  const others = new Set(inUse.filter(({ percent }) => percent !== UNITY_PERCENT).map(nameOf));
  return wanted.percent === UNITY_PERCENT || others.size < MOST_VOLUMES || others.has(nameOf(wanted));
}

export class Volume {
  readonly #gain: number;
  readonly #decoder: OpusDecoder;
  readonly #encoder: OpusEncoder;
  readonly #limiter = new Limiter(CHANNELS);
  readonly #scaled = new Float32Array(FRAME_SAMPLES * CHANNELS);
  readonly #limited = new Float32Array(FRAME_SAMPLES * CHANNELS);
  /** Frames of silence that are yet to be encoded. */
  #tail = 0;

  /** Undefined when the codec has none ready yet: ask again at the next frame. */
  static of(percent: number, codec: OpusCodec): Volume | undefined {
    const decoder = codec.takeDecoder(CHANNELS);
    if (!decoder) return undefined;
    const encoder = codec.takeEncoder(CHANNELS);
    if (encoder) return new Volume(percent / UNITY_PERCENT, decoder, encoder);
    decoder.free();
    return undefined;
  }

  private constructor(gain: number, decoder: OpusDecoder, encoder: OpusEncoder) {
    this.#gain = gain;
    this.#decoder = decoder;
    this.#encoder = encoder;
  }

  /** The next 20 ms at this volume. Undefined for what is not 20 ms of Opus. */
  process(opus: Buffer): Buffer | undefined {
    if (isSilence(opus)) {
      if (this.#tail === 0) return opus;
      this.#tail -= 1;
      this.#scaled.fill(0);
    } else {
      const pcm = this.#decode(opus);
      if (pcm?.length !== this.#scaled.length) return undefined;
      this.#tail = TAIL_FRAMES;
      for (let index = 0; index < pcm.length; index += 1) this.#scaled[index] = pcm[index]! * this.#gain;
    }
    this.#limiter.process(this.#scaled, this.#limited);
    return Buffer.from(this.#encoder.encode(this.#limited));
  }

  free(): void {
    this.#decoder.free();
    this.#encoder.free();
  }

  #decode(opus: Buffer): Float32Array | undefined {
    try {
      return this.#decoder.decode(opus);
    } catch {
      return undefined;
    }
  }
}
