/** The spoken notice that a channel is on air, in the languages there are files for; see README.md for how they were made. */
import { createReadStream } from 'node:fs';
import prism from 'prism-media';

const loaded = new Map<string, Promise<readonly Buffer[]>>();

/**
 * Read from the disk once a language.
 * @param language of a catalogue of texts, such as `en`
 * @returns Opus frames of 20 ms each
 * @throws the file system's error where there is no such file
 */
export function noticeFrames(language: string): Promise<readonly Buffer[]> {
  let frames = loaded.get(language);
  if (!frames) {
    frames = load(new URL(`speech/on-air.${language}.opus`, import.meta.url));
    loaded.set(language, frames);
  }
  return frames;
}

async function load(file: URL): Promise<readonly Buffer[]> {
  const frames: Buffer[] = [];
  const source = createReadStream(file);
  const packets = source.pipe(new prism.opus.OggDemuxer());
  // A pipe does not carry the source's failure on.
  source.on('error', (error) => packets.destroy(error));
  for await (const packet of packets) if (Buffer.isBuffer(packet)) frames.push(packet);
  return frames;
}
