import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { MediaThreads } from '../../../src/relay/media-threads/media-threads.ts';
import type { ProgrammeStart } from '../../../src/relay/programme/programme-threads.ts';
import { HandWorker } from '../../support/hand-worker.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const KEY = new Uint8Array(32).fill(3);
const PACKET = new Uint8Array(200).fill(1);

function makeWorkers({ threadsMax = 1, perThread = 10 } = {}) {
  const started: HandWorker<ProgrammeStart>[] = [];
  const clock = new ManualClock();
  const counters = new Counters();
  const lines: unknown[] = [];
  const workers = new MediaThreads<ProgrammeStart>({
    threadsMax,
    perThread,
    clock,
    counters,
    log: { error: (fields: unknown) => void lines.push(fields) },
    trade: {
      noun: 'programme',
      hangsAfterMs: 2000,
      startWorker() {
        const worker = new HandWorker<ProgrammeStart>();
        started.push(worker);
        return worker;
      },
    },
  });
  const heard: number[] = [];
  let ssrc = 100;
  const begin = () =>
    workers.begin(
      () => ({ key: KEY, ssrc: (ssrc += 1) }),
      (packet) => void heard.push(packet[0] ?? -1),
    );
  const worker = (index = 0): HandWorker<ProgrammeStart> => {
    const one = started[index];
    if (!one) throw new Error('no such worker');
    return one;
  };
  const count = (name: keyof ReturnType<Counters['snapshot']>): number => counters.snapshot()[name];
  return { workers, started, worker, clock, count, lines, heard, begin };
}

const endOfTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('worker threads', () => {
  test('are started only when there is something to do, and take new programmes in turn', () => {
    const { started, begin } = makeWorkers({ threadsMax: 2 });
    expect(started).toHaveLength(0);
    const [first] = [begin(), begin(), begin()];
    expect(started.map((one) => one.sent('start').length)).toEqual([2, 1]);
    first?.stop();
    begin();
    begin();
    expect(started.map((one) => one.sent('start').length)).toEqual([3, 2]);
  });

  test('find what comes for all their programmes in one mailbox, in its order, and no message wakes them for it', () => {
    const { worker, begin } = makeWorkers();
    const [one, two] = [begin(), begin()];
    let posted = 0;
    const post = worker().postMessage.bind(worker());
    worker().postMessage = (message) => {
      posted += 1;
      post(message);
    };
    one.publish(Uint8Array.of(1));
    two.publish(Uint8Array.of(2));
    one.publish(Uint8Array.of(3));
    const got = () =>
      worker()
        .sent('packet')
        .map(({ job, packet }) => [job, ...packet]);
    expect(got()).toEqual([
      [1, 1],
      [2, 2],
      [1, 3],
    ]);
    one.publish(Uint8Array.of(4));
    expect(got().at(-1)).toEqual([1, 4]);
    expect(posted).toBe(0);
  });

  test('that do not keep up lose packets, counted, and are never waited for', () => {
    const { worker, count, begin } = makeWorkers();
    const programme = begin();
    worker().isStill = true;
    for (let packets = 0; packets < 6000; packets += 1) programme.publish(PACKET);
    const waiting = Math.floor(2 ** 20 / 216);
    expect(count('programme-overrun')).toBe(6000 - waiting);
    programme.publish(PACKET);
    expect(count('programme-overrun')).toBe(6001 - waiting);
    worker().isStill = false;
    expect(worker().sent('packet')).toHaveLength(waiting);
    programme.publish(PACKET);
    expect(count('programme-overrun')).toBe(6001 - waiting);
    expect(worker().sent('packet')).toHaveLength(waiting + 1);
  });

  test('that hang for real are ended', async () => {
    const lost = Promise.withResolvers<string>();
    const clock = new ManualClock();
    const hanging = 'require("node:worker_threads").parentPort.once("message", () => { for (;;); })';
    const workers = new MediaThreads<string>({
      trade: {
        noun: 'encoding',
        hangsAfterMs: 2000,
        startWorker: () => new Worker(hanging, { eval: true }),
      },
      threadsMax: 1,
      perThread: 1,
      clock,
      counters: new Counters(),
      log: { error: ({ why }: { why: string }) => lost.resolve(why) },
    });
    onTestFinished(() => workers.close());
    workers.begin(
      () => 'start',
      () => undefined,
    );
    for (let check = 0; check < 5; check += 1) {
      clock.advance(2000);
      await endOfTurn();
    }
    expect(await lost.promise).toBe('it hangs');
  });

  test('have what was published before retracted with it, and frames that were made before go nowhere', async () => {
    const { worker, count, heard, begin } = makeWorkers();
    const programme = begin();
    programme.publish(PACKET);
    worker().report([[1, 0, 10]]);
    programme.retract(5);
    programme.publish(PACKET);
    await endOfTurn();
    expect(worker().messages.map(({ type }) => type)).toEqual(['start', 'packet', 'retract', 'packet']);
    expect(worker().sent('retract')).toMatchObject([{ job: 1, ssrc: 5, generation: 1 }]);
    worker().report([
      [1, 0, 11],
      [1, 1, 12],
    ]);
    expect(heard).toEqual([10, 12]);
    expect(count('retracted')).toBe(1);
  });

  test('whose programme is over are not heard of it any more', () => {
    const { worker, workers, heard, begin } = makeWorkers();
    begin().stop();
    worker().report([[1, 0, 10]]);
    expect(heard).toEqual([]);
    expect(worker().sent('stop')).toHaveLength(1);
    expect(workers.size).toBe(0);
  });

  test('are heard of a job that takes no more until it is stopped, and begin it nowhere else', () => {
    const { worker, started, clock, heard, begin, workers } = makeWorkers();
    const [job, other] = [begin(), begin()];
    job.finish();
    worker().report([[1, 0, 10]]);
    worker().emit('exit', 1);
    other.finish();
    clock.advance(1000);
    expect([heard, workers.size, started.length]).toEqual([[10], 2, 1]);
    job.stop();
    worker().report([[1, 0, 11]]);
    expect([heard, workers.size]).toEqual([[10], 1]);
    expect(worker().sent('stop')).toHaveLength(1);
    expect(worker().sent('start')).toHaveLength(2);
  });

  test('that die are logged, counted and replaced, and their programmes begun anew', async () => {
    const { started, worker, clock, count, lines, heard, begin } = makeWorkers();
    const [stays, goes] = [begin(), begin()];
    worker().emit('error', new Error('out of memory'));
    worker().emit('exit', 1);
    expect(count('programme-worker-lost')).toBe(1);
    expect(lines).toEqual([{ making: 'programmes', count: 2, why: 'out of memory' }]);
    expect(worker().sent('start')[0]?.start).toEqual({ key: KEY, ssrc: 101 });
    stays.publish(PACKET);
    expect(count('programme-overrun')).toBe(1);
    goes.stop();
    clock.advance(999);
    expect(started).toHaveLength(1);
    clock.advance(1);
    expect(started).toHaveLength(2);
    expect(worker(1).sent('start')).toMatchObject([{ job: 1, start: { key: KEY, ssrc: 103 } }]);
    stays.publish(PACKET);
    await endOfTurn();
    expect(worker(1).sent('packet')).toHaveLength(1);
    worker(1).report([[1, 0, 20]]);
    expect(heard).toEqual([20]);
  });

  test('that hang are ended, logged, counted and replaced', async () => {
    const { started, worker, clock, count, lines, begin } = makeWorkers();
    const programme = begin();
    worker().report([]);
    for (let second = 1; second <= 10; second += 1) {
      clock.advance(1000);
      worker().report([[1, 0, 1]]);
      await endOfTurn();
    }
    expect(worker().isTerminated).toBe(false);
    clock.advance(2000);
    await endOfTurn();
    expect(worker().isTerminated).toBe(true);
    expect([count('programme-worker-lost'), lines]).toEqual([
      1,
      [{ making: 'programmes', count: 1, why: 'it hangs' }],
    ]);
    programme.publish(PACKET);
    expect(count('programme-overrun')).toBe(1);
    clock.advance(1000);
    expect(started).toHaveLength(2);
    // The next one has 8 s to start.
    for (const isEnded of [false, false, false, false, true]) {
      clock.advance(2000);
      await endOfTurn();
      expect(worker(1).isTerminated).toBe(isEnded);
    }
  });

  test('that have nothing to make may be silent', async () => {
    const { worker, clock, begin } = makeWorkers();
    begin().stop();
    for (let check = 0; check < 10; check += 1) {
      clock.advance(2000);
      await endOfTurn();
    }
    begin();
    clock.advance(2000);
    await endOfTurn();
    expect(worker().isTerminated).toBe(false);
  });

  test('never owe more than so many messages: who does not take them is ended', () => {
    const { worker, count, clock, started, begin } = makeWorkers();
    const programme = begin();
    for (let ssrc = 0; ssrc < 100_000; ssrc += 1) programme.retract(ssrc);
    expect(worker().messages).toHaveLength(20_000);
    expect([worker().isTerminated, count('programme-worker-lost')]).toEqual([true, 1]);
    clock.advance(1000);
    expect(started).toHaveLength(2);
    for (let ssrc = 0; ssrc < 100_000; ssrc += 1) {
      programme.retract(ssrc);
      worker(1).report([], { takenMessages: worker(1).messages.length });
      worker(1).messages.length = 0;
    }
    expect(worker(1).isTerminated).toBe(false);
  });

  test('make no more programmes than they are to: 4009', () => {
    const { begin } = makeWorkers({ threadsMax: 2, perThread: 2 });
    const [first] = [begin(), begin(), begin(), begin()];
    expect(begin).toThrow(
      expect.objectContaining({ message: expect.stringContaining('makes 4 programmes') }),
    );
    first?.stop();
    expect(begin).not.toThrow();
  });

  test('are ended with the relay, and that counts as no death', async () => {
    const { workers, worker, count, clock, started, begin } = makeWorkers();
    begin();
    await workers.close();
    expect(worker().isTerminated).toBe(true);
    clock.advance(10_000);
    expect([count('programme-worker-lost'), started.length]).toEqual([0, 1]);
  });

  test('say what went wrong, and it is counted', () => {
    const { worker, count, lines, begin } = makeWorkers();
    begin();
    worker().report([], {
      fault: 'Error: no',
      counts: new Map([
        ['programme-unopened', 2],
        ['programme-late', 49],
      ]),
    });
    expect([count('programme-unopened'), count('programme-late'), count('programme-fault')]).toEqual([
      2, 49, 1,
    ]);
    expect(lines).toEqual([{ fault: 'Error: no', making: 'programmes' }]);
  });
});
