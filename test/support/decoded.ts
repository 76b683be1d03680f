/** What a stream of Opus frames sounds like, and how much of it is the same sound as another. */
import { createDecoder } from 'libopus-wasm';

const SAMPLE_RATE = 48_000;
const FRAME_SAMPLES = 960;
/** Compared at 4.8 kHz: enough of a voice to know it by, and a tenth of the work. */
const DECIMATION = 10;
const RATE = SAMPLE_RATE / DECIMATION;

export interface TimedFrame {
  readonly timestamp: number;
  readonly opus: Uint8Array | undefined;
}

/** Mono sound, ±1, 4.8 kHz. Each frame stands where its RTP time says; what is missing is silence. */
export async function decoded(frames: readonly TimedFrame[]): Promise<Float32Array> {
  const [first] = frames;
  if (!first) return new Float32Array();
  const decoder = await createDecoder({ channels: 2 });
  const placeOf = ({ timestamp }: TimedFrame): number => (timestamp - first.timestamp) >>> 0;
  const end = Math.max(...frames.map(placeOf)) + FRAME_SAMPLES;
  const sound = new Float32Array(end / DECIMATION);
  for (const frame of frames) {
    if (!frame.opus) continue;
    const pcm = decoder.decodeFloat(frame.opus);
    for (let sample = 0; sample < pcm.length / 2; sample += 1) {
      const at = Math.floor((placeOf(frame) + sample) / DECIMATION);
      if (at < sound.length) sound[at]! += (pcm[2 * sample]! + pcm[2 * sample + 1]!) / (2 * DECIMATION);
    }
  }
  decoder.free();
  return sound;
}

export interface Match {
  /** 1 for the same sound, however loud; near 0 for another. */
  readonly likeness: number;
  /** How much louder the whole is than the piece, dB. */
  readonly gainDb: number;
}

/** Looks for a piece of sound anywhere in another. Both as `decoded` gives them. */
export function matchOf(piece: Float32Array, whole: Float32Array): Match {
  let best: Match = { likeness: 0, gainDb: -Infinity };
  const pieceEnergy = energyOf(piece);
  for (let lag = 0; lag + piece.length <= whole.length; lag += 1) {
    let product = 0;
    let energy = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const heard = whole[lag + index]!;
      product += piece[index]! * heard;
      energy += heard * heard;
    }
    const likeness = energy > 0 ? product / Math.sqrt(pieceEnergy * energy) : 0;
    if (likeness > best.likeness) best = { likeness, gainDb: 10 * Math.log10(energy / pieceEnergy) };
  }
  return best;
}

/** @param fromSeconds to @param seconds of what `decoded` gave */
export function pieceOf(sound: Float32Array, fromSeconds: number, seconds: number): Float32Array {
  return sound.slice(fromSeconds * RATE, (fromSeconds + seconds) * RATE);
}

function energyOf(sound: Float32Array): number {
  let energy = 0;
  for (const sample of sound) energy += sample * sample;
  return energy;
}
