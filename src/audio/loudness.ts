/** How loud sound is to the ear: K-weighting, loudness and true peak of ITU-R BS.1770-4, at 48 kHz. */

const BLOCK_SAMPLES = 4800;
const MOMENTARY_BLOCKS = 4;
const SHORT_TERM_BLOCKS = 30;
/** The gate of BS.1770-4 §5.1 that does not depend on the sound. */
const ABSOLUTE_GATE_LUFS = -70;
/** How far below the mean of what is above the absolute gate the second gate lies. */
export const RELATIVE_GATE_LU = -10;

/** @param power the sum of the channels' K-weighted mean squares @returns LUFS; −Infinity for silence */
export function loudnessOf(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

/** @param lufs loudness @returns the sum of the channels' K-weighted mean squares */
export function powerOf(lufs: number): number {
  return 10 ** ((lufs + 0.691) / 10);
}

/** The two filters of BS.1770-4 annex 1 for one channel: the head's shelf and the low cut. */
class KWeighting {
  #shelf1 = 0;
  #shelf2 = 0;
  #cut1 = 0;
  #cut2 = 0;

  /**
   * @param pcm channels interleaved
   * @param first index of the channel's first sample
   * @param step how many channels there are
   * @param count samples of this channel
   * @returns the sum of the squares of the filtered samples
   */
  squares(pcm: Float32Array, first: number, step: number, count: number): number {
    let shelf1 = this.#shelf1;
    let shelf2 = this.#shelf2;
    let cut1 = this.#cut1;
    let cut2 = this.#cut2;
    let sum = 0;
    const end = first + count * step;
    for (let index = first; index < end; index += step) {
      const sample = pcm[index]!;
      const shelved = 1.53512485958697 * sample + shelf1;
      shelf1 = -2.69169618940638 * sample + 1.69065929318241 * shelved + shelf2;
      shelf2 = 1.19839281085285 * sample - 0.73248077421585 * shelved;
      const weighted = shelved + cut1;
      cut1 = -2 * shelved + 1.99004745483398 * weighted + cut2;
      cut2 = shelved - 0.99007225036621 * weighted;
      sum += weighted * weighted;
    }
    this.#shelf1 = shelf1;
    this.#shelf2 = shelf2;
    this.#cut1 = cut1;
    this.#cut2 = cut2;
    return sum;
  }
}

/** Loudness over time of up to two channels; a mono signal counts as what it will be, the same in both ears. */
export class LoudnessMeter {
  readonly #filters = [new KWeighting(), new KWeighting()] as const;
  /** The powers of the last 3 s of 100 ms blocks, a ring. */
  readonly #blocks = new Float64Array(SHORT_TERM_BLOCKS);
  #blockCount = 0;
  #sum = 0;
  #samples = 0;
  /** Gating blocks by loudness, 0.1 LU each from −70 up: what they are, without keeping each of a broadcast of days. */
  readonly #counts = new Float64Array(1000);
  readonly #powers = new Float64Array(1000);

  /** 100 ms blocks so far. */
  get blockCount(): number {
    return this.#blockCount;
  }

  /**
   * Whole channels, interleaved. At most 100 ms at once.
   * @returns the power of these samples alone
   */
  add(pcm: Float32Array, channels: 1 | 2): number {
    const samples = pcm.length / channels;
    let squares = this.#filters[0].squares(pcm, 0, channels, samples);
    squares += channels === 1 ? squares : this.#filters[1].squares(pcm, 1, channels, samples);
    this.#sum += squares;
    this.#samples += samples;
    if (this.#samples >= BLOCK_SAMPLES) this.#endBlock();
    return samples === 0 ? 0 : squares / samples;
  }

  /** Power of the last 400 ms, or of as much as there is. */
  get momentaryPower(): number {
    return this.#mean(MOMENTARY_BLOCKS);
  }

  /** LUFS of the last 400 ms (EBU Tech 3341). */
  get momentary(): number {
    return loudnessOf(this.#mean(MOMENTARY_BLOCKS));
  }

  /** LUFS of the last 3 s. */
  get shortTerm(): number {
    return loudnessOf(this.#mean(SHORT_TERM_BLOCKS));
  }

  /** LUFS of everything, gated twice; −Infinity when nothing was louder than −70. */
  get integrated(): number {
    const gate = loudnessOf(this.#meanAbove(ABSOLUTE_GATE_LUFS)) + RELATIVE_GATE_LU;
    return loudnessOf(this.#meanAbove(gate));
  }

  #endBlock(): void {
    this.#blocks[this.#blockCount % SHORT_TERM_BLOCKS] = this.#sum / this.#samples;
    this.#blockCount += 1;
    this.#sum = 0;
    this.#samples = 0;
    if (this.#blockCount < MOMENTARY_BLOCKS) return;
    const power = this.momentaryPower;
    const bin = binOf(loudnessOf(power));
    if (bin < 0) return;
    this.#counts[bin]! += 1;
    this.#powers[bin]! += power;
  }

  #mean(blocks: number): number {
    const known = Math.min(blocks, this.#blockCount);
    let sum = 0;
    for (let back = 1; back <= known; back++) {
      sum += this.#blocks[(this.#blockCount - back) % SHORT_TERM_BLOCKS]!;
    }
    return known === 0 ? 0 : sum / known;
  }

  #meanAbove(gate: number): number {
    let count = 0;
    let power = 0;
    for (let bin = Math.max(0, binOf(gate)); bin < this.#counts.length; bin++) {
      count += this.#counts[bin]!;
      power += this.#powers[bin]!;
    }
    return count === 0 ? 0 : power / count;
  }
}

function binOf(lufs: number): number {
  return Math.min(999, Math.floor((lufs - ABSOLUTE_GATE_LUFS) * 10));
}
