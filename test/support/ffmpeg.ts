/** What ffmpeg makes of a stream: the decoder of others. */
import { spawnSync } from 'node:child_process';

const LONGEST_MS = 30_000;
const MOST_BYTES = 2 ** 28;

/** Stereo, interleaved, float, 48 kHz. @throws Error with all that ffmpeg complained about */
export function decodedByFfmpeg(stream: Uint8Array, format: 'mp3' | 'ogg' | 'mp4'): Float32Array {
  const input = ['-v', 'warning', '-f', format, '-i', 'pipe:0'];
  const { status, stdout, stderr, error } = spawnSync(
    'ffmpeg',
    [...input, '-f', 'f32le', '-ac', '2', '-ar', '48000', 'pipe:1'],
    { input: stream, maxBuffer: MOST_BYTES, timeout: LONGEST_MS },
  );
  if (error) throw error;
  if (status !== 0 || stderr.length > 0) throw new Error(`ffmpeg: ${status} ${stderr.toString()}`);
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

/** Mono at 4.8 kHz, as `matchOf` compares. */
export function coarse(stereo: Float32Array): Float32Array {
  const coarser = new Float32Array(Math.floor(stereo.length / 20));
  for (let index = 0; index < coarser.length * 20; index += 1) {
    const at = Math.floor(index / 20);
    coarser[at] = (coarser[at] ?? 0) + (stereo[index] ?? 0) / 20;
  }
  return coarser;
}
