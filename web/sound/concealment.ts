/** Makes up sound in place of what is missing: the last period of the voice, again and again (ITU-T G.711 appendix I). Pure. */
import type { Channels } from '../../src/audio/frame.ts';

/** Voices from 400 Hz down to 60 Hz. */
const SHORTEST_PERIOD = 120;
const LONGEST_PERIOD = 800;
/** What is compared when the period is looked for: every fourth sample of 15 ms. */
const COMPARED_SAMPLES = 720;
const COARSE = 4;
/** Where a period begins anew its difference from what went before is taken out, over so many samples. */
const SEAM_SAMPLES = 96;
const HISTORY_SAMPLES = LONGEST_PERIOD + COMPARED_SAMPLES;

export class Concealment {
  readonly #channels: Channels;
  /** The last sound, oldest first. */
  readonly #history: Float32Array;
  #period = 0;
  /** How much has been made up since the last true sound. */
  #made = 0;

  constructor(channels: Channels) {
    this.#channels = channels;
    this.#history = new Float32Array(HISTORY_SAMPLES * channels);
  }

  /** True sound, to be gone on from. @param pcm channels interleaved, kept no longer than the call */
  remember(pcm: Float32Array): void {
    const history = this.#history;
    this.#made = 0;
    if (pcm.length >= history.length) {
      history.set(pcm.subarray(pcm.length - history.length));
      return;
    }
    history.copyWithin(0, pcm.length);
    history.set(pcm, history.length - pcm.length);
  }

  /** Goes on as the voice may have: continuous with what was remembered or made up last. Fills all of `into`. */
  make(into: Float32Array): void {
    if (this.#made === 0) this.#period = this.#findPeriod();
    const channels = this.#channels;
    const start = (HISTORY_SAMPLES - this.#period) * channels;
    const history = this.#history;
    let place = this.#made % this.#period;
    for (let index = 0; index < into.length; index += channels) {
      const seam = Math.max(0, 1 - (place + 1) / SEAM_SAMPLES);
      for (let channel = 0; channel < channels; channel++) {
        const jump = history[history.length - channels + channel]! - history[start - channels + channel]!;
        into[index + channel] = history[start + place * channels + channel]! + seam * jump;
      }
      place = (place + 1) % this.#period;
    }
    this.#made += into.length / channels;
  }

  /** The distance at which the last sound is most like itself. */
  #findPeriod(): number {
    let best = LONGEST_PERIOD;
    let bestLikeness = -Infinity;
    for (let period = SHORTEST_PERIOD; period < LONGEST_PERIOD; period += COARSE) {
      const likeness = this.#likeness(period, COARSE);
      if (likeness <= bestLikeness) continue;
      best = period;
      bestLikeness = likeness;
    }
    const around = best;
    bestLikeness = -Infinity;
    for (let period = around - COARSE + 1; period < around + COARSE; period++) {
      const likeness = this.#likeness(period, 2);
      if (likeness <= bestLikeness) continue;
      best = period;
      bestLikeness = likeness;
    }
    return best;
  }

  /** Of the first channel. */
  #likeness(period: number, step: number): number {
    const history = this.#history;
    const channels = this.#channels;
    const back = period * channels;
    let product = 0;
    let before = 1e-9;
    for (
      let index = history.length - COMPARED_SAMPLES * channels;
      index < history.length;
      index += step * channels
    ) {
      const earlier = history[index - back]!;
      product += history[index]! * earlier;
      before += earlier * earlier;
    }
    return product / Math.sqrt(before);
  }
}
