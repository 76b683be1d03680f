import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { MediaThreads } from '../../../src/relay/media-threads/media-threads.ts';
import { PROGRAMME_TRADE } from '../../../src/relay/programme/programme-threads.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const KEY = new Uint8Array(32).fill(3);

test('a real thread that is killed is replaced, and frames come again', async () => {
  const started: Worker[] = [];
  const clock = new ManualClock();
  const counters = new Counters();
  const workers = new MediaThreads({
    threadsMax: 1,
    perThread: 1,
    clock,
    counters,
    log: { error: () => undefined },
    trade: {
      ...PROGRAMME_TRADE,
      startWorker() {
        const worker = new Worker(
          new URL('../../../src/relay/programme/programme-worker.ts', import.meta.url),
        );
        started.push(worker);
        return worker;
      },
    },
  });
  onTestFinished(() => workers.close());
  let next = Promise.withResolvers<Uint8Array>();
  let ssrc = 100;
  workers.begin(
    () => ({ key: KEY, ssrc: (ssrc += 1) }),
    (packet) => next.resolve(packet),
  );
  const ssrcOf = async (): Promise<number> => Buffer.from(await next.promise).readUInt32BE(9);
  expect(await ssrcOf()).toBe(101);
  await started[0]?.terminate();
  expect(counters.snapshot()['programme-worker-lost']).toBe(1);
  next = Promise.withResolvers();
  clock.advance(1000);
  expect(await ssrcOf()).toBe(102);
  expect(started).toHaveLength(2);
});
