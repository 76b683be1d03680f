/** What ffmpeg makes of a stream: the decoder of others. */
import { spawnSync } from 'node:child_process';

const LONGEST_MS = 30_000;
const MOST_BYTES = 2 ** 28;

interface Cut {
  /** It begins in the middle of a stream: of that ffmpeg may complain. */
  readonly isCut?: boolean;
}

/** Stereo, interleaved, float, 48 kHz. @throws Error with all that ffmpeg complained about */
export function decodedByFfmpeg(
  stream: Uint8Array,
  format: 'mp3' | 'ogg' | 'mp4',
  { isCut = false }: Cut = {},
): Float32Array {
  const input = ['-v', isCut ? 'fatal' : 'warning', '-f', format, '-i', 'pipe:0'];
  const output = ['-f', 'f32le', '-ac', '2', '-ar', '48000', 'pipe:1'];
  const stdout = run('ffmpeg', [...input, ...output], stream);
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

/** What ffprobe says of the only stream. */
export function probed(stream: Uint8Array): unknown {
  const json = run('ffprobe', ['-v', 'warning', '-show_streams', '-of', 'json', 'pipe:0'], stream);
  const { streams } = JSON.parse(json.toString()) as { streams: unknown[] };
  return streams[0];
}

function run(program: string, options: readonly string[], input: Uint8Array): Buffer {
  const limits = { maxBuffer: MOST_BYTES, timeout: LONGEST_MS };
  const { status, stdout, stderr, error } = spawnSync(program, options, { input, ...limits });
  if (error) throw error;
  if (status !== 0 || stderr.length > 0) throw new Error(`${program}: ${status} ${stderr.toString()}`);
  return stdout;
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
