import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { ProgrammeWorkers } from '../../../src/relay/programme/programme-workers.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const KEY = new Uint8Array(32).fill(3);
const endOfTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('a real thread that is killed is replaced, and frames come again', async () => {
  const started: Worker[] = [];
  const clock = new ManualClock();
  const counters = new Counters();
  const workers = new ProgrammeWorkers({
    threadsMax: 1,
    perThread: 1,
    clock,
    counters,
    log: { error: () => undefined },
    startWorker() {
      const worker = new Worker(new URL('../../../src/relay/programme/programme-worker.ts', import.meta.url));
      started.push(worker);
      return worker;
    },
  });
  onTestFinished(() => workers.close());
  let next = Promise.withResolvers<Uint8Array>();
  const programme = workers.begin(KEY, (packet) => next.resolve(packet));
  const ssrcOf = async (): Promise<number> => Buffer.from(await next.promise).readUInt32BE(9);
  expect(await ssrcOf()).toBe(programme.ssrc);
  await started[0]?.terminate();
  expect(counters.snapshot()['programme-worker-lost']).toBe(1);
  next = Promise.withResolvers();
  clock.advance(1000);
  expect(await ssrcOf()).toBe(programme.ssrc);
  expect(started).toHaveLength(2);
});

test('a real thread that hangs is ended and replaced', async () => {
  const lost = Promise.withResolvers<string>();
  const clock = new ManualClock();
  const hanging = 'require("node:worker_threads").parentPort.once("message", () => { for (;;); })';
  const workers = new ProgrammeWorkers({
    threadsMax: 1,
    perThread: 1,
    clock,
    counters: new Counters(),
    log: { error: ({ why }: { why: string }) => lost.resolve(why) },
    startWorker: () => new Worker(hanging, { eval: true }),
  });
  onTestFinished(() => workers.close());
  workers.begin(KEY, () => undefined);
  for (let check = 0; check < 5; check += 1) {
    clock.advance(2000);
    await endOfTurn();
  }
  expect(await lost.promise).toBe('it hangs');
});
