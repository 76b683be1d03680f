/** How far two sounds are apart, as ears have it. */

const SIZE = 1024;
const HOP = 512;
/** Up to 12 kHz: above there is little speech, and codecs make it up. */
const BINS = 256;
/** What is quieter than this counts as this: the noise of a quiet room. */
const FLOOR = 1e-9 * SIZE;

const WINDOW = new Float64Array(SIZE).map((_, index) => Math.sin((Math.PI * (index + 0.5)) / SIZE) ** 2);

/** In place, radix 2; the length is a power of two. */
export function fourier(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, mirror = 0; index < size; index++) {
    let bit = size >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (index >= mirror) continue;
    [real[index], real[mirror]] = [real[mirror]!, real[index]!];
    [imaginary[index], imaginary[mirror]] = [imaginary[mirror]!, imaginary[index]!];
  }
  for (let span = 1; span < size; span *= 2) {
    for (let offset = 0; offset < span; offset++) {
      const cos = Math.cos((Math.PI * offset) / span);
      const sin = -Math.sin((Math.PI * offset) / span);
      for (let even = offset; even < size; even += 2 * span) {
        const odd = even + span;
        const re = real[odd]! * cos - imaginary[odd]! * sin;
        const im = real[odd]! * sin + imaginary[odd]! * cos;
        real[odd] = real[even]! - re;
        imaginary[odd] = imaginary[even]! - im;
        real[even]! += re;
        imaginary[even]! += im;
      }
    }
  }
}

/** Log-spectral distances of two mono sounds, dB, for each 21 ms in which the second one is louder than the gate. */
export function logSpectralDistances(heard: Float32Array, said: Float32Array, gatePower: number): number[] {
  const distances: number[] = [];
  const real = new Float64Array(SIZE);
  const imaginary = new Float64Array(SIZE);
  for (let start = 0; start + SIZE <= said.length; start += HOP) {
    let power = 0;
    for (let index = 0; index < SIZE; index++) {
      real[index] = heard[start + index]! * WINDOW[index]!;
      imaginary[index] = said[start + index]! * WINDOW[index]!;
      power += said[start + index]! ** 2;
    }
    if (power / SIZE < gatePower) continue;
    // Two real transforms in one.
    fourier(real, imaginary);
    let sum = 0;
    for (let bin = 1; bin <= BINS; bin++) {
      const mirror = SIZE - bin;
      const one = (real[bin]! + real[mirror]!) ** 2 + (imaginary[bin]! - imaginary[mirror]!) ** 2;
      const other = (imaginary[bin]! + imaginary[mirror]!) ** 2 + (real[mirror]! - real[bin]!) ** 2;
      sum += (10 * Math.log10((one + FLOOR) / (other + FLOOR))) ** 2;
    }
    distances.push(Math.sqrt(sum / BINS));
  }
  return distances;
}

/**
 * Segmental signal-to-noise ratio, dB from −10 to 35, mean over pieces of 20 ms in which the second sound is louder than the gate. A
 * gain does not count: for each piece the second sound is taken as loud as it fits best.
 */
export function segmentalSnr(heard: Float32Array, said: Float32Array, gatePower: number): number {
  const size = 960;
  let sum = 0;
  let count = 0;
  for (let start = 0; start + size <= said.length; start += size) {
    let signal = 0;
    let product = 0;
    let all = 0;
    for (let index = start; index < start + size; index++) {
      signal += said[index]! ** 2;
      product += said[index]! * heard[index]!;
      all += heard[index]! ** 2;
    }
    if (signal / size < gatePower) continue;
    const fitting = product ** 2 / signal;
    sum += Math.min(35, Math.max(-10, 10 * Math.log10((fitting + 1e-12) / (all - fitting + 1e-12))));
    count += 1;
  }
  return sum / count;
}
