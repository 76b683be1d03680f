import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Counters } from '../../../src/relay/counters.ts';
import { PacketRecords, readPacketRecords } from '../../../src/relay/programme/packet-records.ts';
import { ProgrammeWorkers } from '../../../src/relay/programme/programme-workers.ts';
import {
  type FromWorker,
  PROGRAMME_LOSSES,
  type ProgrammeLosses,
  type ToWorker,
} from '../../../src/relay/programme/worker-messages.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const KEY = new Uint8Array(32).fill(3);
const PACKET = new Uint8Array(200).fill(1);

/** A thread that does what a test says. */
class HandWorker extends EventEmitter {
  readonly messages: ToWorker[] = [];
  isTerminated = false;

  postMessage(message: ToWorker): void {
    this.messages.push(message);
  }

  terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }

  /** Reports frames of one byte each. */
  report(
    frames: readonly [programme: number, generation: number, byte: number][],
    more: Partial<FromWorker> = {},
  ) {
    const records = new PacketRecords();
    for (const [programme, generation, byte] of frames)
      records.add(programme, generation, Uint8Array.of(byte));
    const nothing = {
      takenBytes: 0,
      takenMessages: 0,
      unopened: 0,
      skipped: 0,
      losses: undefined,
      fault: undefined,
    };
    this.emit('message', { ...nothing, ...more, records: records.take() });
  }

  sent<Type extends ToWorker['type']>(type: Type): Extract<ToWorker, { type: Type }>[] {
    return this.messages.filter(
      (message): message is Extract<ToWorker, { type: Type }> => message.type === type,
    );
  }
}

function makeWorkers({ threadsMax = 1, perThread = 10 } = {}) {
  const started: HandWorker[] = [];
  const clock = new ManualClock();
  const counters = new Counters();
  const lines: unknown[] = [];
  const workers = new ProgrammeWorkers({
    threadsMax,
    perThread,
    clock,
    counters,
    log: { error: (fields: unknown) => void lines.push(fields) },
    gather: setImmediate,
    startWorker() {
      const worker = new HandWorker();
      started.push(worker);
      return worker;
    },
  });
  const heard: number[] = [];
  const begin = () => workers.begin(KEY, (packet) => void heard.push(packet[0] ?? -1));
  const worker = (index = 0): HandWorker => {
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

  test('get what one turn brings for all their programmes in one message', async () => {
    const { worker, begin } = makeWorkers();
    const [one, two] = [begin(), begin()];
    one.publish(Uint8Array.of(1));
    two.publish(Uint8Array.of(2));
    one.publish(Uint8Array.of(3));
    await endOfTurn();
    one.publish(Uint8Array.of(4));
    await endOfTurn();
    const got = worker()
      .sent('packets')
      .map(({ records }) => {
        const packets: number[][] = [];
        readPacketRecords(records, (programme, _generation, packet) => packets.push([programme, ...packet]));
        return packets;
      });
    expect(got).toEqual([
      [
        [1, 1],
        [2, 2],
        [1, 3],
      ],
      [[1, 4]],
    ]);
  });

  test('that do not keep up lose packets, counted, and are never waited for', async () => {
    const { worker, count, begin } = makeWorkers();
    const programme = begin();
    for (let packets = 0; packets < 6000; packets += 1) programme.publish(PACKET);
    await endOfTurn();
    const [batch] = worker().sent('packets');
    const waiting = batch?.records.byteLength ?? 0;
    expect(waiting).toBeGreaterThan(2 ** 20 - 300);
    expect(waiting).toBeLessThanOrEqual(2 ** 20);
    expect(count('programme-overrun')).toBe(6000 - waiting / 210);
    programme.publish(PACKET);
    expect(count('programme-overrun')).toBe(6001 - waiting / 210);
    worker().report([], { takenBytes: waiting });
    programme.publish(PACKET);
    await endOfTurn();
    expect(count('programme-overrun')).toBe(6001 - waiting / 210);
    expect(worker().sent('packets')).toHaveLength(2);
  });

  test('have what was published before retracted with it, and frames that were made before go nowhere', async () => {
    const { worker, count, heard, begin } = makeWorkers();
    const programme = begin();
    programme.publish(PACKET);
    worker().report([[1, 0, 10]]);
    programme.retract(5);
    programme.publish(PACKET);
    await endOfTurn();
    expect(worker().messages.map(({ type }) => type)).toEqual(['start', 'packets', 'retract', 'packets']);
    expect(worker().sent('retract')).toMatchObject([{ programme: 1, ssrc: 5, generation: 1 }]);
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

  test('that die are logged, counted and replaced, and their programmes begun anew', async () => {
    const { started, worker, clock, count, lines, heard, begin } = makeWorkers();
    const [stays, goes] = [begin(), begin()];
    const ssrc = stays.ssrc;
    worker().emit('error', new Error('out of memory'));
    worker().emit('exit', 1);
    expect(count('programme-worker-lost')).toBe(1);
    expect(lines).toEqual([{ programmes: 2, why: 'out of memory' }]);
    stays.publish(PACKET);
    expect(count('programme-overrun')).toBe(1);
    goes.stop();
    clock.advance(999);
    expect(started).toHaveLength(1);
    clock.advance(1);
    expect(started).toHaveLength(2);
    expect(worker(1).sent('start')).toMatchObject([{ programme: 1, key: KEY, ssrc: stays.ssrc }]);
    expect(stays.ssrc).not.toBe(ssrc);
    stays.publish(PACKET);
    await endOfTurn();
    expect(worker(1).sent('packets')).toHaveLength(1);
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
    expect([count('programme-worker-lost'), lines]).toEqual([1, [{ programmes: 1, why: 'it hangs' }]]);
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
    const losses = Object.fromEntries(PROGRAMME_LOSSES.map((name, index) => [name, index + 1]));
    worker().report([], { unopened: 2, skipped: 49, fault: 'Error: no', losses: losses as ProgrammeLosses });
    expect(PROGRAMME_LOSSES.map((name) => count(`programme-${name}`))).toEqual(Object.values(losses));
    expect([count('programme-unopened'), count('programme-skipped'), count('programme-fault')]).toEqual([
      2, 49, 1,
    ]);
    expect(lines).toEqual([{ fault: 'Error: no' }]);
  });
});
