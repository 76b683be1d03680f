/** Looks for sounds in a thread of its own: who talks meanwhile in this one must not be held up. */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type Found, bestCorrelation } from './correlation.ts';

/** Both mono, 48 kHz. */
export interface Search {
  readonly heard: Float32Array;
  readonly said: Float32Array;
}

/** @returns of each search, in their order, where it is heard best */
export async function foundIn(searches: readonly Search[]): Promise<Found[]> {
  const worker = new Worker(new URL(import.meta.url), { workerData: searches });
  const [found] = await once(worker, 'message');
  return found;
}

if (!isMainThread && parentPort) {
  const searches: readonly Search[] = workerData;
  parentPort.postMessage(
    searches.map(({ heard, said }) => bestCorrelation(heard, said)),
    [],
  );
}
