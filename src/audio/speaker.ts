/** One speaker of a programme: their packets in, and every 20 ms a frame of theirs at the programme's loudness. */
import { type BufferedFrame, JitterBuffer, type Playout } from './jitter-buffer.ts';
import { Leveller } from './leveller.ts';
import { CEILING } from './limiter.ts';
import { type Channels, FRAME_SAMPLES } from './frame.ts';
import type { OpusCodec } from './opus-codec.ts';
import { isSilence, isStereo } from './opus-packet.ts';
import type { IntakeCounts } from './packet-intake.ts';
import { PEAK_BLOCK_SAMPLES, MOST_OVERSHOOT, blockPeak, samplePeak } from './true-peak.ts';
import { type DecodingCounts, VoiceDecoder, type VoiceFrame, ramp } from './voice-decoder.ts';

/** How many frames of each speaker are kept: a mixed stream that begins is to know what went before. */
export const KEPT_FRAMES = 4;
/** Below this nobody hears anything: −80 dBFS. */
const AUDIBLE_PEAK = 1e-4;

/** What is to be known of a frame to decide how it goes out. */
export interface SpokenFrame {
  /** Whether it is anything but a sender's silence. */
  readonly isSpeech: boolean;
  readonly isAudible: boolean;
  /** The packet that sounds exactly like this frame, when it needs no gain and no limiter. */
  readonly passable: Uint8Array | undefined;
  /** Whether a limiter would turn it down. */
  readonly isTooLoud: boolean;
  /** K-weighted, after the gain. */
  readonly power: number;
}

const SILENT: SpokenFrame = {
  isSpeech: false,
  isAudible: false,
  passable: undefined,
  isTooLoud: false,
  power: 0,
};

export class Speaker {
  readonly ssrc: number;
  /** The frame of this tick. */
  newest: SpokenFrame = SILENT;
  /** The frame of the tick before: the one that goes out now. */
  due: SpokenFrame = SILENT;
  /** How many frames in a row have been silent, up to now. */
  silentFrames = KEPT_FRAMES;
  readonly #jitter: JitterBuffer;
  readonly #decoder: VoiceDecoder;
  readonly #leveller = new Leveller();
  /** The last frames after the gain, oldest first. */
  #pcm: Float32Array = new Float32Array(KEPT_FRAMES * FRAME_SAMPLES);
  #gain = 1;
  #inputPower = 0;
  #isStereo = false;

  constructor(ssrc: number, codec: OpusCodec, counts: DecodingCounts & IntakeCounts) {
    this.ssrc = ssrc;
    this.#jitter = new JitterBuffer(counts);
    this.#decoder = new VoiceDecoder(codec, counts);
  }

  /** Of the kept frames. */
  get channels(): Channels {
    return this.#pcm.length === KEPT_FRAMES * FRAME_SAMPLES ? 1 : 2;
  }

  /** Whether all kept frames are silent. */
  get isGone(): boolean {
    return this.silentFrames >= KEPT_FRAMES;
  }

  /** Whether nothing is to be heard, and nothing waits to be. */
  get isIdle(): boolean {
    return this.isGone && this.#jitter.isSilent;
  }

  receive(frame: BufferedFrame, nowMs: number): void {
    this.#isStereo = isStereo(frame.opus);
    this.#jitter.push(frame, nowMs);
  }

  /**
   * One frame further.
   * @param hasSeat whether they may be heard if they begin now; who is heard already is not cut off
   * @returns whether something of theirs was thrown away, because there was no seat
   */
  advance(nowMs: number, hasSeat = true): boolean {
    this.due = this.newest;
    if (this.isGone && !hasSeat) {
      this.#fallSilent();
      return isSound(this.#jitter.pull(nowMs));
    }
    // Without a decoder what waits goes on waiting.
    if (!this.#jitter.isSilent && !this.#decoder.prepare(this.#isStereo)) this.#fallSilent();
    else this.#hear(this.#decoder.play(this.#jitter.pull(nowMs)));
    return false;
  }

  #hear(frame: VoiceFrame): void {
    if (!frame.pcm) return this.#fallSilent();
    this.silentFrames = 0;
    this.newest = this.#level(frame, frame.pcm);
  }

  #fallSilent(): void {
    this.silentFrames += 1;
    this.newest = SILENT;
    // What is kept is silent by then.
    if (this.silentFrames <= KEPT_FRAMES) this.#keep(undefined);
  }

  /**
   * Adds a kept frame to a mix.
   * @param back 0 for the newest, up to KEPT_FRAMES − 1
   */
  addTo(mix: Float32Array, mixChannels: Channels, back: number): void {
    if (this.isGone) return;
    const channels = this.channels;
    const start = (KEPT_FRAMES - 1 - back) * FRAME_SAMPLES * channels;
    const step = mixChannels / channels;
    if (step === 1) {
      for (let index = 0; index < mix.length; index++) mix[index]! += this.#pcm[start + index]!;
      return;
    }
    for (let sample = 0; sample < FRAME_SAMPLES; sample++) {
      mix[2 * sample]! += this.#pcm[start + sample]!;
      mix[2 * sample + 1]! += this.#pcm[start + sample]!;
    }
  }

  /** Throws away what waits to be heard. */
  clear(): void {
    this.#jitter.clear();
  }

  free(): void {
    this.#decoder.free();
  }

  #level({ packet, isSpeech }: VoiceFrame, pcm: Float32Array): SpokenFrame {
    const channels = this.#decoder.channels;
    const before = this.#gain;
    // Only what the speaker sent says how loud the speaker is.
    if (isSpeech && packet) {
      this.#inputPower = this.#leveller.hear(pcm, channels);
      this.#gain = this.#leveller.gain;
    }
    if (before !== 1 || this.#gain !== 1) ramp(pcm, channels, before, this.#gain, FRAME_SAMPLES);
    this.#keep(pcm);
    const peak = samplePeak(pcm, 0, pcm.length);
    const isTooLoud = this.#isAboveCeiling(peak);
    const isPassable = isSpeech && !isTooLoud && before === 1 && this.#gain === 1;
    return {
      isSpeech,
      isAudible: isSpeech && peak > AUDIBLE_PEAK,
      passable: isPassable ? packet : undefined,
      isTooLoud,
      power: isSpeech ? this.#inputPower * this.#gain ** 2 : 0,
    };
  }

  /** @param frame undefined for silence */
  #keep(frame: Float32Array | undefined): void {
    if (frame && frame.length !== this.#pcm.length / KEPT_FRAMES) this.#toStereo();
    const size = this.#pcm.length / KEPT_FRAMES;
    this.#pcm.copyWithin(0, size);
    if (frame) this.#pcm.set(frame, this.#pcm.length - size);
    else this.#pcm.fill(0, this.#pcm.length - size);
  }

  #toStereo(): void {
    const mono = this.#pcm;
    this.#pcm = new Float32Array(2 * mono.length).map((_, index) => mono[index >> 1]!);
  }

  /** Whether the newest frame is. */
  #isAboveCeiling(peak: number): boolean {
    if (peak * MOST_OVERSHOOT <= CEILING) return false;
    const channels = this.channels;
    const end = this.#pcm.length;
    for (let start = end - FRAME_SAMPLES * channels; start < end; start += PEAK_BLOCK_SAMPLES * channels) {
      if (blockPeak(this.#pcm, start, channels, CEILING) > CEILING) return true;
    }
    return false;
  }
}

function isSound(playout: Playout): boolean {
  if (playout.is === 'merge') return !isSilence(playout.first) || !isSilence(playout.second);
  return playout.is === 'frame' && !isSilence(playout.opus);
}
