/** Brings one speaker slowly to the programme's loudness: one gain, that is exactly unity for who is loud enough already. */
import { type Channels, FRAME_SAMPLES } from './frame.ts';
import { LoudnessMeter, RELATIVE_GATE_LU, loudnessOf, powerOf } from './loudness.ts';

/** What the programme is to have: what podcasts have in stereo. */
const TARGET_LUFS = -16;
const MOST_GAIN_DB = 14;
const LEAST_GAIN_DB = -14;
/** What is quieter is no speech, and is not to be lifted. */
const SPEECH_GATE_LUFS = -50;
const BLOCK_S = 0.1;
/**
 * Speech that counts, in blocks: 20 s of it. Sentences differ by several LU over 3 s, by less than 1 over 20. Pauses do
 * not count, so it is the last few sentences, however long ago they were said.
 */
const WINDOW_BLOCKS = 200;
/** Before that much was said nothing is known. */
const LEAST_BLOCKS = 5;
/** A speaker this close to the target is left alone, once enough is known; before that, the more must be wrong. */
const DEAD_BAND_LU = 1.4;
const UNCERTAINTY_LU_S = 2.5;
/** Who has a gain gets it back to unity only when this close, or would go to and fro. */
const RETURN_BAND_LU = 0.7;
/** What the gain wanted must differ from what was wanted before. */
const STEP_LU = 1;
/** How fast the gain moves for who has just begun, and later. */
const EARLY_S = 6;
const EARLY_DB_PER_S = 8;
const DB_PER_S = 1.5;
const FRAME_S = FRAME_SAMPLES / 48_000;

export class Leveller {
  readonly #meter = new LoudnessMeter();
  /** Momentary powers of speech, a ring. */
  readonly #window = new Float64Array(WINDOW_BLOCKS);
  /** Blocks of speech so far. */
  #speechBlocks = 0;
  #seenBlocks = 0;
  #goalDb = 0;
  #gainDb = 0;

  /** What the frame heard last is to be multiplied with at its end. Exactly 1 when nothing is to be done. */
  get gain(): number {
    return this.#gainDb === 0 ? 1 : 10 ** (this.#gainDb / 20);
  }

  get gainDb(): number {
    return this.#gainDb;
  }

  /** The speaker's loudness in LUFS over their last sentences, without the gain; undefined when too little was said. */
  get #speechLufs(): number | undefined {
    return this.#speechBlocks < LEAST_BLOCKS ? undefined : loudnessOf(this.#gatedPower());
  }

  /**
   * @param pcm a frame the speaker truly sent, not one made up for a lost one
   * @returns its K-weighted power
   */
  hear(pcm: Float32Array, channels: Channels): number {
    const power = this.#meter.add(pcm, channels);
    if (this.#meter.blockCount > this.#seenBlocks) this.#endBlock();
    // Only while they speak: nobody hears a gain move under their voice, and a pause is not to swell.
    if (loudnessOf(this.#meter.momentaryPower) > SPEECH_GATE_LUFS) this.#move();
    return power;
  }

  #endBlock(): void {
    this.#seenBlocks = this.#meter.blockCount;
    const power = this.#meter.momentaryPower;
    if (loudnessOf(power) <= SPEECH_GATE_LUFS) return;
    this.#window[this.#speechBlocks % WINDOW_BLOCKS] = power;
    this.#speechBlocks += 1;
    const lufs = this.#speechLufs;
    if (lufs !== undefined) this.#goalDb = this.#goalFor(TARGET_LUFS - lufs);
  }

  #goalFor(missingLu: number): number {
    const wanted = Math.min(MOST_GAIN_DB, Math.max(LEAST_GAIN_DB, missingLu));
    if (this.#goalDb === 0) {
      const uncertainty = UNCERTAINTY_LU_S / (Math.min(WINDOW_BLOCKS, this.#speechBlocks) * BLOCK_S);
      return Math.abs(wanted) > DEAD_BAND_LU + uncertainty ? wanted : 0;
    }
    if (Math.abs(wanted) < RETURN_BAND_LU) return 0;
    return Math.abs(wanted - this.#goalDb) > STEP_LU ? wanted : this.#goalDb;
  }

  #move(): void {
    const perSecond = this.#speechBlocks * BLOCK_S < EARLY_S ? EARLY_DB_PER_S : DB_PER_S;
    const step = perSecond * FRAME_S;
    const missing = this.#goalDb - this.#gainDb;
    this.#gainDb = Math.abs(missing) <= step ? this.#goalDb : this.#gainDb + Math.sign(missing) * step;
  }

  /** The mean of what is not 10 LU below the mean: BS.1770's gate, over the window. */
  #gatedPower(): number {
    const known = Math.min(WINDOW_BLOCKS, this.#speechBlocks);
    let sum = 0;
    for (let index = 0; index < known; index++) sum += this.#window[index]!;
    const gate = powerOf(loudnessOf(sum / known) + RELATIVE_GATE_LU);
    let gated = 0;
    let count = 0;
    for (let index = 0; index < known; index++) {
      if (this.#window[index]! < gate) continue;
      gated += this.#window[index]!;
      count += 1;
    }
    return gated / count;
  }
}
