/** The threads that make encodings: what one has to know of an encoding, and what comes back. */
import { Worker } from 'node:worker_threads';
import type { Trade } from '../media-threads/media-threads.ts';
import type { EncodedPage, Format } from './encoder.ts';

export interface EncodingStart {
  /** 32 bytes, of the podcast. */
  readonly key: Uint8Array;
  readonly format: Format;
  /** Of the podcast, for formats whose headers have a place for it. */
  readonly title: string;
}

//  0         1             5
//  +---------+-------------+---------
//  | kind u8 | samples u32 | bytes …
//  +---------+-------------+---------
const KIND_HEADER = 0;
const KIND_PAGE = 1;
/** After it nothing comes of this encoding. */
const KIND_END = 2;
const SAMPLES_OFFSET = 1;
const BYTES_OFFSET = 5;

export const ENCODING_TRADE: Trade<EncodingStart> = {
  noun: 'encoding',
  startWorker: () => new Worker(new URL('encoder-worker.ts', import.meta.url)),
  // It gives way to all others: on a busy machine it may wait, and to begin it anew would only take more.
  hangsAfterMs: 10_000,
  isLasting: (made) => made[0] === KIND_HEADER,
};

/** A page as it goes back to the relay's thread. */
export function writeMadePage({ isHeader, samples, bytes }: EncodedPage): Uint8Array {
  const made = new Uint8Array(BYTES_OFFSET + bytes.length);
  made[0] = isHeader ? KIND_HEADER : KIND_PAGE;
  new DataView(made.buffer).setUint32(SAMPLES_OFFSET, samples);
  made.set(bytes, BYTES_OFFSET);
  return made;
}

export const MADE_END: Uint8Array = Uint8Array.of(KIND_END, 0, 0, 0, 0);

/** What `writeMadePage` wrote, its bytes a view; undefined for MADE_END. */
export function readMadePage(made: Uint8Array): EncodedPage | undefined {
  if (made[0] === KIND_END) return undefined;
  const samples = new DataView(made.buffer, made.byteOffset).getUint32(SAMPLES_OFFSET);
  return { isHeader: made[0] === KIND_HEADER, samples, bytes: made.subarray(BYTES_OFFSET) };
}
