/** The threads that make programmes: what one has to know of a programme, and when one hangs. */
import { Worker } from 'node:worker_threads';
import type { Trade } from '../media-threads/media-threads.ts';

export interface ProgrammeStart {
  /** 32 bytes, of the podcast: it opens what comes in and seals what goes out. */
  readonly key: Uint8Array;
  /** u32, of the stream that goes out. */
  readonly ssrc: number;
}

export const PROGRAMME_TRADE: Trade<ProgrammeStart> = {
  noun: 'programme',
  startWorker: () => new Worker(new URL('programme-worker.ts', import.meta.url)),
  hangsAfterMs: 2000,
};
