import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { LaneAudience } from '../../../src/relay/udp/lane-audience.ts';
import { Lanes } from '../../../src/relay/udp/lanes.ts';
import { type Lane, SendLoop } from '../../../src/relay/udp/send-loop.ts';
import { SendmmsgWire } from '../../../src/relay/udp/sendmmsg-wire.ts';
import { serveJobs, ShardControl } from '../../../src/relay/udp/shard-control.ts';
import { ShardLane } from '../../../src/relay/udp/shard-lane.ts';
import { newTally } from '../../../src/relay/udp/tally.ts';
import { FakeKernel } from './fake-kernel.ts';
import { ManualScheduler } from './manual-scheduler.ts';
import { audioDatagram } from './udp-receiver.ts';

const HEADER_BYTES = 64;

/** Has a worker do one job on this thread, and end. */
function serveOne(control: ShardControl, sendmmsg: (headers: number, count: number) => number): number[] {
  const reports: number[] = [];
  serveJobs(control.memory, { sendmmsg }, HEADER_BYTES, (number) => {
    reports.push(number);
    control.close();
  });
  return reports;
}

describe('a worker', () => {
  test('sends a job call by call, going on where the last one stopped, and reports its number', () => {
    const control = new ShardControl();
    const number = control.start(1_000_000, 200);
    const calls: number[][] = [];
    const takes = [64, 10, 64, 62];
    const reports = serveOne(control, (headers, count) => {
      calls.push([(headers - 1_000_000) / HEADER_BYTES, count]);
      return takes.shift() ?? 0;
    });
    expect(calls).toEqual([
      [0, 64],
      [64, 64],
      [74, 64],
      [138, 62],
    ]);
    expect(control.result()).toEqual({ sent: 200, errno: 0 });
    expect(reports).toEqual([number]);
  });

  test('stops at the first failure, and says how far it got', () => {
    const control = new ShardControl();
    control.start(1_000_000, 100);
    const results = [64, 5, -constants.errno.EPERM];
    serveOne(control, () => results.shift() ?? 0);
    expect(control.result()).toEqual({ sent: 69, errno: constants.errno.EPERM });
  });

  test('gives a job back after the call that it is in, and never before the first', () => {
    const control = new ShardControl();
    control.start(1_000_000, 1000);
    serveOne(control, () => {
      // Taken back in the middle of a call: the word that cancel() sets before it waits.
      new Int32Array(control.memory)[1] = 1;
      return 64;
    });
    control.cancel();
    expect(control.result()).toEqual({ sent: 64, errno: 0 });
  });

  test('gives a job back even when its call cannot be made', () => {
    const control = new ShardControl();
    control.start(1_000_000, 10);
    serveOne(control, () => {
      throw new Error('no such function');
    });
    expect(control.result()).toEqual({ sent: 0, errno: constants.errno.EFAULT });
  });
});

test('whoever was sent to by a worker that is lost is sent to from the own thread', async () => {
  const [scheduler, kernel, worker, tally] = [
    new ManualScheduler(),
    new FakeKernel(),
    new EventEmitter(),
    newTally(),
  ];
  const lane = new ShardLane(scheduler, new ShardControl(), worker);
  const audience = new LaneAudience({
    nowMs: scheduler.nowMs,
    tally,
    chooseLane: () => lane,
    makeWire: () => new SendmmsgWire({ calls: kernel, ipv6: false, combines: true }, lane.callSlots),
    onClose: () => undefined,
  });
  audience.add('127.0.0.1', 1);
  audience.publish(audioDatagram(1, 0, 100));
  worker.emit('error', new Error('out of memory'));
  worker.emit('exit', 1);
  audience.publish(audioDatagram(1, 1, 100));
  scheduler.turn();
  expect(kernel.sent.flatMap(({ datagrams }) => datagrams.map((each) => each.readUInt16BE(2)))).toEqual([
    0, 1,
  ]);
  await lane.close();
});

const lanesOf = (started: Lane[], beyond: number): Lanes => {
  const scheduler = new ManualScheduler();
  return new Lanes({
    scheduler,
    beyond,
    furtherMax: 2,
    startFurther: () => {
      const lane = new SendLoop(scheduler);
      started.push(lane);
      return started.length === 3 ? Promise.reject(new Error('no more threads')) : Promise.resolve(lane);
    },
  });
};
const fill = (lanes: Lanes, count: number): Lane[] => {
  return Array.from({ length: count }, () => {
    const lane = lanes.choose();
    lane.count(1);
    return lane;
  });
};

describe('the lanes of a socket', () => {
  test('are one until half of what it carries is there, then fill evenly beyond it', async () => {
    const started: Lane[] = [];
    const lanes = lanesOf(started, 4);
    const [own] = fill(lanes, 2);
    expect(started).toEqual([]);
    fill(lanes, 2);
    expect(started).toHaveLength(2);
    await lanes.startFurther();
    const [a, b] = started;
    expect(fill(lanes, 4)).toEqual([a, b, a, b]);
    own?.count(-1);
    expect(lanes.choose()).toBe(own);
    await lanes.close();
  });

  test('stay one while no other can be had', async () => {
    const lanes = lanesOf([new SendLoop(new ManualScheduler()), new SendLoop(new ManualScheduler())], 1);
    const first = lanes.choose();
    first.count(5);
    expect(lanes.choose()).toBe(first);
    await lanes.close();
  });
});
