/** The peak of the sound between its samples, by fourfold oversampling (ITU-R BS.1770-4 annex 2). */

/** The filter of annex 2, table 1: phases 0 and 1. Phases 3 and 2 are the same, backwards. */
const PHASE_0 = Float64Array.of(
  0.001708984375,
  0.010986328125,
  -0.0196533203125,
  0.033203125,
  -0.0594482421875,
  0.1373291015625,
  0.97216796875,
  -0.102294921875,
  0.047607421875,
  -0.026611328125,
  0.014892578125,
  -0.00830078125,
);
const PHASE_1 = Float64Array.of(
  -0.0291748046875,
  0.029296875,
  -0.0517578125,
  0.089111328125,
  -0.16650390625,
  0.465087890625,
  0.77978515625,
  -0.2003173828125,
  0.1015625,
  -0.0582275390625,
  0.0330810546875,
  -0.0189208984375,
);
const TAPS = 12;

/** Nothing between samples is higher than the highest of the samples around it times this: the filter's gain at worst. */
export const MOST_OVERSHOOT = PHASE_1.reduce((sum, tap) => sum + Math.abs(tap), 0);

/** Peaks are looked for in blocks of so many samples; at least as many as the filter has taps. */
export const PEAK_BLOCK_SAMPLES = 24;

/**
 * The highest that the sound gets, at samples and between them. The filter is 6 samples late: what it says of a block may have
 * been at the end of the block before.
 * @param pcm channels interleaved
 * @param start index of the block's first sample; one more block lies before it
 * @param enough when the samples themselves rule out more than this, it is not looked between them
 */
export function blockPeak(pcm: Float32Array, start: number, channels: 1 | 2, enough: number): number {
  const size = PEAK_BLOCK_SAMPLES * channels;
  let peak = samplePeak(pcm, start - size, start + size);
  if (peak * MOST_OVERSHOOT <= enough) return peak;
  for (let index = start; index < start + size; index++) peak = Math.max(peak, peakAt(pcm, index, channels));
  return peak;
}

/** The highest of the samples themselves. @param end index behind the last */
export function samplePeak(pcm: Float32Array, start: number, end: number): number {
  let peak = 0;
  // Comparisons, because Math.max costs several times as much.
  for (let index = start; index < end; index++) {
    const sample = pcm[index]!;
    if (sample > peak) peak = sample;
    else if (-sample > peak) peak = -sample;
  }
  return peak;
}

/** The highest of the four interpolated samples while this one is the filter's newest. */
function peakAt(pcm: Float32Array, newest: number, step: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let mirror = newest - (TAPS - 1) * step;
  for (let tap = 0, index = newest; tap < TAPS; tap++, index -= step, mirror += step) {
    const sample = pcm[index]!;
    const mirrored = pcm[mirror]!;
    a += PHASE_0[tap]! * sample;
    b += PHASE_1[tap]! * sample;
    c += PHASE_1[tap]! * mirrored;
    d += PHASE_0[tap]! * mirrored;
  }
  return Math.max(Math.abs(a), Math.abs(b), Math.abs(c), Math.abs(d));
}
