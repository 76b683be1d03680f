/**
 * Puts the title into a stream of MP3, as players ask for it by `Icy-MetaData: 1`: a block after every 8192 bytes.
 *
 * All listeners of one stream are in the same phase, so that every page is made once for all: one who joins gets an ID3v2 tag
 * of the very length that brings it there, and one who lost pages as many zeros.
 */
import type { Batch } from '../listener-queue.ts';
import { ID3_MIN_BYTES, id3Tag } from './id3-tag.ts';
import type { Page, PageStream } from './page-stream.ts';
import { plainWords, utf8Within } from './plain-words.ts';

/** Bytes of sound between two blocks: what `icy-metaint` says. */
export const METADATA_PERIOD_BYTES = 8192;

/** A block without a title: nothing has changed. */
const NOTHING_NEW = Uint8Array.of(0);
/** The title is said again after so many, for a player that has lost it: 32 s of 128 kbit/s. */
const REPEATED_AFTER_BLOCKS = 64;

//  0           1                                  1 + 16 × length
//  +-----------+---------------------------------+
//  | length u8 | StreamTitle='…'; padded with 0  |
//  +-----------+---------------------------------+
const UNIT_BYTES = 16;
const BEFORE = "StreamTitle='";
const AFTER = "';";
const TITLE_MAX_BYTES = 255 * UNIT_BYTES - BEFORE.length - AFTER.length;

/** A batch whose place in the period is known. */
interface PlacedBatch extends Batch {
  /** Bytes of sound since the last block, where it begins: 0 … 8191. */
  readonly phase: number;
}

/** A block with a title. A quote before a semicolon would end the title: there it becomes an apostrophe. */
export function titleBlock(title: string): Uint8Array {
  const text = utf8Within(plainWords(title).replaceAll("';", '’;'), TITLE_MAX_BYTES);
  const bytes = Buffer.concat([Buffer.from(BEFORE), text, Buffer.from(AFTER)]);
  const block = Buffer.alloc(1 + Math.ceil(bytes.length / UNIT_BYTES) * UNIT_BYTES);
  block[0] = (block.length - 1) / UNIT_BYTES;
  block.set(bytes, 1);
  return block;
}

export class IcyStream implements PageStream {
  readonly #title: string;
  readonly #block: Uint8Array;
  /** Of all its listeners: where the next page begins. */
  #phase = 0;
  #blocksUntilTitle = 0;

  constructor(title: string) {
    this.#title = plainWords(title);
    this.#block = titleBlock(this.#title);
  }

  next(page: Page): Batch {
    const batch = placed(page.bytes, this.#phase, 1, () => this.#nextBlock());
    this.#phase = advanced(this.#phase, page.bytes.length);
    return batch;
  }

  /** The tag is so long that one block falls into it or into the pages: the title is there from the start. */
  opening(pages: readonly Page[]): readonly Batch[] {
    const soundBytes = pages.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const tagMinBytes = ID3_MIN_BYTES + Buffer.byteLength(this.#title);
    const least = Math.max(METADATA_PERIOD_BYTES - soundBytes, tagMinBytes);
    const tag = id3Tag(this.#title, distance(soundBytes, this.#phase, least));
    const blocks = [this.#block];
    const nextBlock = (): Uint8Array => blocks.pop() ?? NOTHING_NEW;
    let phase = tag.length % METADATA_PERIOD_BYTES;
    const sound = [];
    const first = placed(tag, 0, 0, nextBlock);
    for (const { bytes } of pages) {
      sound.push(placed(bytes, phase, 1, nextBlock));
      phase = advanced(phase, bytes.length);
    }
    return [first, ...sound];
  }

  /** Zeros, which players skip as they do between two frames; the title is said again if a block falls into them. */
  repair([lost]: readonly Batch[], next: Batch | undefined): readonly Batch[] {
    const from = phaseOf(lost) ?? this.#phase;
    const bytes = distance(from, phaseOf(next) ?? this.#phase, 0);
    return bytes === 0 ? [] : [placed(new Uint8Array(bytes), from, 0, () => this.#block)];
  }

  #nextBlock(): Uint8Array {
    const isDue = this.#blocksUntilTitle === 0;
    this.#blocksUntilTitle = isDue ? REPEATED_AFTER_BLOCKS - 1 : this.#blocksUntilTitle - 1;
    return isDue ? this.#block : NOTHING_NEW;
  }
}

/** From one phase to another: the least number of bytes that is not below `least`. */
function distance(from: number, to: number, least: number): number {
  const past = (from + least - to) % METADATA_PERIOD_BYTES;
  const short = (METADATA_PERIOD_BYTES - past) % METADATA_PERIOD_BYTES;
  return least + short;
}

function advanced(phase: number, bytes: number): number {
  return (phase + bytes) % METADATA_PERIOD_BYTES;
}

function placed(sound: Uint8Array, phase: number, packets: number, nextBlock: () => Uint8Array): PlacedBatch {
  return { bytes: interleaved(sound, phase, nextBlock), packets, phase };
}

function phaseOf(batch: (Batch & Partial<PlacedBatch>) | undefined): number | undefined {
  return batch?.phase;
}

/** Sound with a block wherever a period is full. @param phase of its first byte */
function interleaved(sound: Uint8Array, phase: number, nextBlock: () => Uint8Array): Uint8Array {
  let cut = METADATA_PERIOD_BYTES - phase;
  if (sound.length < cut) return sound;
  const parts = [sound.subarray(0, cut), nextBlock()];
  for (; cut + METADATA_PERIOD_BYTES <= sound.length; cut += METADATA_PERIOD_BYTES) {
    parts.push(sound.subarray(cut, cut + METADATA_PERIOD_BYTES), nextBlock());
  }
  parts.push(sound.subarray(cut));
  return Buffer.concat(parts);
}
