/** Speech, encoded again at a loudness of one's choice. */
import { LoudnessMeter } from '../../src/audio/loudness.ts';
import type { Channels } from '../../src/audio/frame.ts';
import type { OpusCodec } from '../../src/audio/opus-codec.ts';
import { decoded, encoded, inFrames } from './sounds.ts';

/** @returns LUFS, gated */
export function loudnessOfSound(pcm: Float32Array, channels: Channels): number {
  const meter = new LoudnessMeter();
  for (const frame of inFrames(pcm, channels)) meter.add(frame, channels);
  return meter.integrated;
}

/** Mono packets of 20 ms. */
export function levelled(codec: OpusCodec, packets: readonly Uint8Array[], lufs: number): Uint8Array[] {
  const pcm = decoded(codec, packets, 1);
  const gain = 10 ** ((lufs - loudnessOfSound(pcm, 1)) / 20);
  return encoded(
    codec,
    pcm.map((sample) => sample * gain),
    1,
  );
}
