/** Finds one sound in another, however loud it is there. */
import { fourier } from './spectrum.ts';

/** The search is at 8 kHz, where a voice is; the place is then made exact at 48 kHz. */
const DECIMATION = 6;

export interface Found {
  /** 1 for the same sound, however loud; near 0 for another. */
  readonly correlation: number;
  /** Where in what was heard it begins, in samples of 48 kHz. */
  readonly delaySamples: number;
}

/**
 * Where a sound is heard best, whole. Both mono, 48 kHz. With a clock that drifts, or a jitter buffer that moves, ask for pieces of
 * a second or two.
 */
export function bestCorrelation(heard: Float32Array, said: Float32Array): Found {
  if (said.length > heard.length) return { correlation: 0, delaySamples: 0 };
  const coarse = coarseDelay(decimated(heard), decimated(said)) * DECIMATION;
  let best: Found = { correlation: 0, delaySamples: coarse };
  for (let delay = coarse - 2 * DECIMATION; delay <= coarse + 2 * DECIMATION; delay += 1) {
    const correlation = correlationAt(heard, said, delay);
    if (correlation > best.correlation) best = { correlation, delaySamples: delay };
  }
  return best;
}

/** Of each piece of what was said, in its order: where it is heard best. Pieces that are silent are left out. */
export function foundPieces(heard: Float32Array, said: Float32Array, pieceSeconds = 1): Found[] {
  const length = Math.round(pieceSeconds * 48_000);
  const found: Found[] = [];
  for (let at = 0; at + length <= said.length; at += length) {
    const piece = said.subarray(at, at + length);
    if (energyOf(piece, 0, length) / length > 1e-6) found.push(bestCorrelation(heard, piece));
  }
  return found;
}

function correlationAt(heard: Float32Array, said: Float32Array, delay: number): number {
  if (delay < 0 || delay + said.length > heard.length) return 0;
  let product = 0;
  for (let index = 0; index < said.length; index += 1) product += said[index]! * heard[delay + index]!;
  const energy = energyOf(heard, delay, said.length) * energyOf(said, 0, said.length);
  return energy > 0 ? product / Math.sqrt(energy) : 0;
}

/** All products by one transform there and one back, each over the energy of what it was made with. */
function coarseDelay(heard: Float32Array, said: Float32Array): number {
  const size = 2 ** Math.ceil(Math.log2(heard.length + said.length));
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  real.set(heard);
  imaginary.set(said);
  fourier(real, imaginary);
  const productReal = new Float64Array(size);
  const productImaginary = new Float64Array(size);
  for (let bin = 0; bin < size; bin += 1) {
    const mirror = (size - bin) % size;
    const heardRe = (real[bin]! + real[mirror]!) / 2;
    const heardIm = (imaginary[bin]! - imaginary[mirror]!) / 2;
    const saidRe = (imaginary[bin]! + imaginary[mirror]!) / 2;
    const saidIm = (real[mirror]! - real[bin]!) / 2;
    productReal[bin] = heardRe * saidRe + heardIm * saidIm;
    // Conjugate, so that the transform there is the transform back.
    productImaginary[bin] = -(heardIm * saidRe - heardRe * saidIm);
  }
  fourier(productReal, productImaginary);
  let best = { delay: 0, likeness: 0 };
  let energy = energyOf(heard, 0, said.length);
  const quiet = 1e-6 * energyOf(heard, 0, heard.length);
  for (let delay = 0; delay + said.length <= heard.length; delay += 1) {
    const likeness = energy > quiet ? productReal[delay]! / Math.sqrt(energy) : 0;
    if (likeness > best.likeness) best = { delay, likeness };
    energy += (heard[delay + said.length] ?? 0) ** 2 - heard[delay]! ** 2;
  }
  return best.delay;
}

function decimated(sound: Float32Array): Float32Array {
  return new Float32Array(Math.floor(sound.length / DECIMATION)).map((_, index) => {
    let sum = 0;
    for (let offset = 0; offset < DECIMATION; offset += 1) sum += sound[index * DECIMATION + offset]!;
    return sum / DECIMATION;
  });
}

function energyOf(sound: Float32Array, from: number, length: number): number {
  let energy = 0;
  for (let index = from; index < from + length; index += 1) energy += sound[index]! ** 2;
  return energy;
}
