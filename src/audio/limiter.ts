/** Keeps the true peak of a signal under a ceiling: it looks ahead, so that the gain is down before the peak comes. */
import { type Channels, FRAME_SAMPLES } from './frame.ts';
import { PEAK_BLOCK_SAMPLES, blockPeak } from './true-peak.ts';

/** The gain is a line between points this far apart. */
const BLOCK_SAMPLES = PEAK_BLOCK_SAMPLES;
const FRAME_BLOCKS = FRAME_SAMPLES / BLOCK_SAMPLES;
/** How late the limiter's output is: what it can look ahead. */
export const LIMITER_DELAY_SAMPLES = 648;
const DELAY_BLOCKS = LIMITER_DELAY_SAMPLES / BLOCK_SAMPLES;
const LINE_BLOCKS = DELAY_BLOCKS + FRAME_BLOCKS;
/** Blocks that the gain takes to get down: 12.5 ms. What follows of the delay is for the peak filter's own. */
const ATTACK_BLOCKS = 25;
/** −1 dBTP, and a little less: a gain that moves fast lifts the peak between samples by up to 0.1 dB. */
export const CEILING = 10 ** (-1.1 / 20);
/** Of what is missing to unity, how much comes back in a block: the gain is back after some 0.3 s. */
const RELEASE = 1 - Math.exp(-BLOCK_SAMPLES / (48 * 90));
/** Closer to unity than this is unity: 0.001 dB. */
const REST = 0.9999;

export class Limiter {
  readonly #channels: Channels;
  /** The delayed samples, then the newest frame. Before them the peak filter's history. */
  readonly #line: Float32Array;
  /** For each block of the line, the gain that it can bear. */
  readonly #allowed = new Float64Array(LINE_BLOCKS).fill(1);
  /** The last gains wanted, whose mean is the gain: a ring. */
  readonly #wanted = new Float64Array(ATTACK_BLOCKS).fill(1);
  #at = 0;
  #released = 1;
  /** Gain at the end of the last frame. */
  #gain = 1;
  #restingBlocks = ATTACK_BLOCKS;

  constructor(channels: Channels) {
    this.#channels = channels;
    this.#line = new Float32Array(LINE_BLOCKS * BLOCK_SAMPLES * channels);
  }

  /** Whether the gain is unity, and nothing that has come would change that. */
  get isResting(): boolean {
    return (
      this.#restingBlocks >= ATTACK_BLOCKS && this.#gain === 1 && this.#allowed.every((gain) => gain === 1)
    );
  }

  /**
   * @param input the next 20 ms, channels interleaved; kept no longer than the call
   * @param output 20 ms, later by LIMITER_DELAY_SAMPLES
   */
  process(input: Float32Array, output: Float32Array): void {
    const line = this.#line;
    line.copyWithin(0, input.length);
    line.set(input, line.length - input.length);
    this.#allowed.copyWithin(0, FRAME_BLOCKS);
    this.#allowed.fill(1, DELAY_BLOCKS);
    for (let block = DELAY_BLOCKS; block < LINE_BLOCKS; block++) this.#measure(block);
    if (this.isResting) output.set(line.subarray(0, output.length));
    else for (let block = 0; block < FRAME_BLOCKS; block++) this.#apply(block, output);
  }

  #measure(block: number): void {
    const peak = blockPeak(this.#line, block * BLOCK_SAMPLES * this.#channels, this.#channels, CEILING);
    if (peak > CEILING) this.#allowed[block] = CEILING / peak;
  }

  #apply(block: number, output: Float32Array): void {
    const next = this.#nextGain(block);
    const channels = this.#channels;
    const slope = (next - this.#gain) / BLOCK_SAMPLES;
    let index = block * BLOCK_SAMPLES * channels;
    for (let sample = 0; sample < BLOCK_SAMPLES; sample++) {
      const gain = this.#gain + slope * sample;
      for (let channel = 0; channel < channels; channel++, index++) output[index] = this.#line[index]! * gain;
    }
    this.#gain = next;
  }

  /** The gain at the end of a block: slow, and no more than this block and the next two can bear; what is found in one may lie in the one before. */
  #nextGain(block: number): number {
    let bearable = 1;
    for (let ahead = block; ahead <= block + ATTACK_BLOCKS + 1; ahead++) {
      bearable = Math.min(bearable, this.#allowed[ahead]!);
    }
    const released = this.#released + (1 - this.#released) * RELEASE;
    this.#released = Math.min(bearable, released > REST ? 1 : released);
    this.#wanted[this.#at] = this.#released;
    this.#at = (this.#at + 1) % ATTACK_BLOCKS;
    this.#restingBlocks = this.#released === 1 ? this.#restingBlocks + 1 : 0;
    if (this.#restingBlocks >= ATTACK_BLOCKS) return 1;
    let sum = 0;
    for (const gain of this.#wanted) sum += gain;
    return sum / ATTACK_BLOCKS;
  }
}
