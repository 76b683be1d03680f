/** A worker thread of the sendmmsg engine: it makes system calls and decides nothing. See shard-lane.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadLibc } from './libc.ts';
import { serveJobs } from './shard-control.ts';
import { HEADER_BYTES } from './socket-structs.ts';

export interface ShardWorkerData {
  readonly fd: number;
  readonly memory: SharedArrayBuffer;
}

const { fd, memory } = workerData as ShardWorkerData;
const calls = (await loadLibc()).sendCalls(fd);
const report = (number: number): void => parentPort?.postMessage(number, []);
report(0);
serveJobs(memory, calls, HEADER_BYTES, report);
