/** Reads Ogg Opus files as what a Discord client sends: one Opus packet for each 20 ms. */
import { createReadStream } from 'node:fs';
import prism from 'prism-media';

export interface Speech {
  /** Opus packets of 20 ms each, in order. */
  readonly frames: readonly Buffer[];
  readonly durationMs: number;
}

/** How long one frame lasts. */
export const frameMs = 20;

/** Three people talking, of some 40 s each; see speech/README.md for who they are. */
export const speechFiles = {
  allison: new URL('speech/allison.opus', import.meta.url),
  june: new URL('speech/june.opus', import.meta.url),
  carlo: new URL('speech/carlo.opus', import.meta.url),
} as const;

/**
 * Loads an Ogg Opus file whose packets last 20 ms.
 * @throws the file system's error, or the demuxer's for a file that is not Ogg Opus
 */
export async function loadSpeech(path: string | URL): Promise<Speech> {
  const frames: Buffer[] = [];
  const source = createReadStream(path);
  const packets = source.pipe(new prism.opus.OggDemuxer());
  // A pipe does not carry the source's failure on.
  source.on('error', (error) => packets.destroy(error));
  for await (const packet of packets) if (Buffer.isBuffer(packet)) frames.push(packet);
  return { frames, durationMs: frames.length * frameMs };
}
