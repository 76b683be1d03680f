/** The true peak of a whole piece of sound, for tests. */
import { PEAK_BLOCK_SAMPLES, blockPeak } from '../../src/audio/true-peak.ts';

/** @param pcm channels interleaved @returns dBTP */
export function truePeakDbtp(pcm: Float32Array, channels: 1 | 2): number {
  const block = PEAK_BLOCK_SAMPLES * channels;
  const blocks = Math.ceil(pcm.length / block);
  // Silence around it, so that its first and its last sample are looked at too.
  const padded = new Float32Array((blocks + 2) * block);
  padded.set(pcm, block);
  let peak = 0;
  for (let start = block; start < padded.length; start += block) {
    peak = Math.max(peak, blockPeak(padded, start, channels, 0));
  }
  return 20 * Math.log10(peak);
}
