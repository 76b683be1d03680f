/** Takes an ICY stream apart as players do, and is strict where they are not. */

export interface IcyRead {
  readonly sound: Buffer;
  /** Those that were said, in order, repeated ones too. */
  readonly titles: readonly string[];
  readonly blocks: number;
}

/** @param metaint what the header `icy-metaint` says @throws Error at a block that is none */
export function readIcy(stream: Uint8Array, metaint: number): IcyRead {
  const bytes = Buffer.from(stream);
  const sound: Buffer[] = [];
  const titles: string[] = [];
  let blocks = 0;
  for (let at = 0; at < bytes.length;) {
    sound.push(bytes.subarray(at, at + metaint));
    at += metaint;
    const length = 16 * (bytes[at] ?? 0);
    const block = bytes.subarray(at + 1, at + 1 + length);
    at += 1 + length;
    // The end of what has come so far.
    if (at > bytes.length) break;
    blocks += 1;
    if (length === 0) continue;
    const match = /^StreamTitle='(.*)';\0{0,15}$/s.exec(block.toString('utf8'));
    if (!match?.[1]) throw new Error(`this is no block: ${JSON.stringify(block.toString('latin1'))}`);
    titles.push(match[1]);
  }
  return { sound: Buffer.concat(sound), titles, blocks };
}

/** The tag at the beginning, and what is behind it. @throws Error where there is none */
export function readId3(sound: Buffer): { readonly title: string; readonly rest: Buffer } {
  if (sound.toString('latin1', 0, 5) !== 'ID3\x04\0') throw new Error('there is no ID3v2.4 tag');
  const size = (at: number): number =>
    [...sound.subarray(at, at + 4)].reduce((sum, byte) => (sum << 7) | byte, 0);
  const title = sound.toString('utf8', 21, 20 + size(14));
  return { title, rest: sound.subarray(10 + size(6)) };
}
