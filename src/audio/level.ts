/** How loud a piece of decoded sound is. */

const FULL_SCALE = 32_768;

/**
 * @param pcm 16-bit samples, channels interleaved
 * @returns dBFS of the root mean square; −Infinity for true silence and for no samples
 */
export function levelDbfs(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return pcm.length === 0 ? -Infinity : 10 * Math.log10(sum / pcm.length / FULL_SCALE ** 2);
}
