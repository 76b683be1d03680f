/** A worker thread that makes programmes: it brings a studio the messages and the time. See programme-workers.ts. */
import { parentPort } from 'node:worker_threads';
import { LibopusCodec } from '../../audio/opus-codec.ts';
import { Programme, noProgrammeCounts } from '../../audio/programme.ts';
import { Studio } from './studio.ts';
import { sharedNowMs, type ToWorker } from './worker-messages.ts';

const codec = await LibopusCodec.load();
const counts = noProgrammeCounts();
const studio = new Studio({
  makeEngine: () => new Programme({ codec, counts }),
  losses: counts,
  random: randomU32,
  isReady: () => codec.isFull,
});
let timer: NodeJS.Timeout | undefined;
let deferred: NodeJS.Immediate | undefined;

parentPort?.on('message', (message: ToWorker) => {
  studio.take(message, sharedNowMs());
  // While there are programmes the loop goes round often enough.
  if (!timer) deferred ??= setImmediate(run);
});

function run(): void {
  timer = undefined;
  deferred = undefined;
  const waitMs = studio.run(sharedNowMs());
  const report = studio.report();
  if (report) parentPort?.postMessage(report, [report.records]);
  if (waitMs === 0) deferred = setImmediate(run);
  // Timers count whole ms: rounded down, one would ring too early and have to be set again.
  else if (waitMs !== undefined) timer = setTimeout(run, Math.ceil(waitMs));
}

function randomU32(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value;
}
