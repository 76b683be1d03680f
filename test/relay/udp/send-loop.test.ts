/** What becomes of a message when the system takes it only in part, or not at all. */
import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { LaneAudience } from '../../../src/relay/udp/lane-audience.ts';
import { LATE_MS, PENDING_PACKETS_MAX } from '../../../src/relay/udp/packet-queue.ts';
import { NO_ROOM_RETRY_MS, SendLoop, SLICE_MESSAGES } from '../../../src/relay/udp/send-loop.ts';
import { SendmmsgWire } from '../../../src/relay/udp/sendmmsg-wire.ts';
import { newTally } from '../../../src/relay/udp/tally.ts';
import { FakeKernel } from './fake-kernel.ts';
import { ManualScheduler } from './manual-scheduler.ts';
import { audioDatagram } from './udp-receiver.ts';

const { EAGAIN, EINTR, ECONNREFUSED, ENOBUFS, EPERM, EIO, EINVAL, ENETUNREACH } = constants.errno;

function setUp(listeners: number, kernel = new FakeKernel()) {
  const scheduler = new ManualScheduler();
  const tally = newTally();
  const loop = new SendLoop(scheduler);
  const path = { calls: kernel, ipv6: false, combines: true };
  const audience = new LaneAudience({
    nowMs: scheduler.nowMs,
    tally,
    chooseLane: () => loop,
    makeWire: () => new SendmmsgWire(path, loop.callSlots),
    onClose: () => undefined,
  });
  const destinations = Array.from({ length: listeners }, (_, index) => audience.add('127.0.0.1', index + 1));
  return { kernel, scheduler, tally, loop, path, audience, destinations };
}

/** 1 … count: the ports of the listeners. */
function ports(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

test('what is taken back goes to nobody any more: neither what waits nor the rest of what is under way', () => {
  const { kernel, scheduler, tally, audience } = setUp(100);
  kernel.answers.push({ sent: 3 }, { errno: EAGAIN });
  audience.publish(audioDatagram(1, 0, 100));
  audience.publish(audioDatagram(2, 0, 200));
  scheduler.turn();
  audience.publish(audioDatagram(1, 1, 100));
  expect(tally.sent).toBe(6);
  expect(audience.retract()).toBe(2 * 97 + 100);
  audience.publish(audioDatagram(1, 2, 100));
  scheduler.advance(NO_ROOM_RETRY_MS);
  scheduler.turn();
  expect(kernel.sent.slice(3).map(({ port }) => port)).toEqual(ports(100));
  expect(tally.sent).toBe(106);
  expect(audience.retract()).toBe(0);
});

describe('a system that takes a part', () => {
  test('is given the rest, in order, until all have theirs', () => {
    const { kernel, scheduler, tally, audience } = setUp(100);
    kernel.answers.push({ sent: 3 }, { sent: 1 }, { sent: 40 });
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    expect(kernel.sent.map(({ port }) => port)).toEqual(ports(100));
    expect(tally).toMatchObject({ sent: 100, badDestination: 0, noRoom: 0 });
  });

  test.each([
    ['EPERM', EPERM],
    ['ENETUNREACH', ENETUNREACH],
    ['an errno it does not know', 9999],
  ])('passes a destination over that fails with %s', (_name, errno) => {
    const { kernel, scheduler, tally, audience } = setUp(5);
    kernel.answers.push({ sent: 2 }, { errno });
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    expect(kernel.sent.map(({ port }) => port)).toEqual([1, 2, 4, 5]);
    expect(tally).toMatchObject({ sent: 4, badDestination: 1 });
  });

  test.each([
    ['ECONNREFUSED', ECONNREFUSED],
    ['EINTR', EINTR],
  ])('tries a destination again once after %s, which is not about it', (_name, errno) => {
    const { kernel, scheduler, tally, audience } = setUp(3);
    kernel.answers.push({ sent: 1 }, { errno }, { sent: 1 }, { errno }, { errno });
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    expect(kernel.sent.map(({ port }) => port)).toEqual([1, 2]);
    expect(tally).toMatchObject({ sent: 2, badDestination: 1 });
  });

  test('passes everyone over when everyone fails, and comes to an end', () => {
    const { kernel, scheduler, tally, audience } = setUp(200);
    kernel.answers.push(...ports(200).map(() => ({ errno: EPERM })));
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    expect(kernel.sent).toEqual([]);
    expect(tally).toMatchObject({ sent: 0, badDestination: 200 });
    expect(scheduler.isIdle).toBe(true);
  });
});

describe('a system without room', () => {
  test.each([
    ['EAGAIN', EAGAIN],
    ['ENOBUFS', ENOBUFS],
  ])('that says %s is tried again later from where it stopped', (_name, errno) => {
    const { kernel, scheduler, tally, audience } = setUp(5);
    kernel.answers.push({ sent: 2 }, { errno }, { errno });
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    expect(kernel.sent.map(({ port }) => port)).toEqual([1, 2]);
    scheduler.advance(NO_ROOM_RETRY_MS);
    expect(kernel.sent).toHaveLength(2);
    scheduler.advance(NO_ROOM_RETRY_MS);
    expect(kernel.sent.map(({ port }) => port)).toEqual([1, 2, 3, 4, 5]);
    expect(tally).toMatchObject({ sent: 5, late: 0, noRoom: 2 });
    expect(scheduler.isIdle).toBe(true);
  });

  test('costs what becomes late, counted, and never more memory than a bound', () => {
    const { kernel, scheduler, tally, audience } = setUp(4);
    kernel.answers.push({ sent: 1 });
    kernel.refuses = EAGAIN;
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    for (let more = 0; more < PENDING_PACKETS_MAX + 10; more += 1) audience.publish(audioDatagram(1, 1, 100));
    scheduler.turn();
    expect(tally).toMatchObject({ sent: 1, late: 0, queueFull: 10 * 4 });
    for (let ms = 0; ms <= LATE_MS; ms += NO_ROOM_RETRY_MS) scheduler.advance(NO_ROOM_RETRY_MS);
    expect(tally).toMatchObject({ sent: 1, late: 3 + PENDING_PACKETS_MAX * 4 });
    kernel.refuses = undefined;
    audience.publish(audioDatagram(1, 2, 100));
    scheduler.advance(NO_ROOM_RETRY_MS);
    expect(tally.sent).toBe(5);
    expect(kernel.sent.slice(1).map(({ datagrams }) => datagrams[0]?.readUInt16BE(2))).toEqual([2, 2, 2, 2]);
  });

  test('does not hold up its close', async () => {
    const { kernel, scheduler, loop, audience } = setUp(2);
    kernel.refuses = EAGAIN;
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    audience.close();
    await loop.close();
    expect(scheduler.isIdle).toBe(true);
    expect(kernel.sent).toEqual([]);
  });
});

describe('combined packets', () => {
  test('are one message a destination, the larger first', () => {
    const { kernel, scheduler, tally, audience } = setUp(3);
    audience.publish(audioDatagram(1, 0, 132));
    audience.publish(audioDatagram(2, 0, 175));
    scheduler.turn();
    expect(kernel.sent.map(({ datagrams }) => datagrams.map(({ length }) => length))).toEqual([
      [175, 132],
      [175, 132],
      [175, 132],
    ]);
    expect(kernel.calls).toBe(1);
    expect(tally.sent).toBe(6);
  });

  test('go one by one to whom they cannot go together, and together to the others', () => {
    const { kernel, scheduler, tally, path, audience } = setUp(3);
    kernel.answers.push({ sent: 1 }, { errno: EINVAL });
    audience.publish(audioDatagram(1, 0, 100));
    audience.publish(audioDatagram(2, 0, 100));
    scheduler.turn();
    expect(kernel.sent.map(({ port, datagrams }) => [port, datagrams.length])).toEqual([
      [1, 2],
      [2, 1],
      [2, 1],
      [3, 2],
    ]);
    expect(tally).toMatchObject({ sent: 6, badDestination: 0 });
    expect(path.combines).toBe(true);
  });

  test('are no more once a device has turned out not to take them', () => {
    const { kernel, scheduler, tally, path, audience } = setUp(2);
    kernel.answers.push({ errno: EIO }, { sent: 1 }, { errno: EPERM });
    audience.publish(audioDatagram(1, 0, 100));
    audience.publish(audioDatagram(2, 0, 100));
    scheduler.turn();
    expect(path.combines).toBe(false);
    expect(tally).toMatchObject({ sent: 3, badDestination: 1 });
    kernel.sent.length = 0;
    audience.publish(audioDatagram(1, 1, 100));
    audience.publish(audioDatagram(2, 1, 100));
    scheduler.turn();
    expect(kernel.sent.map(({ port, datagrams }) => [port, datagrams.length])).toEqual([
      [1, 1],
      [2, 1],
      [1, 1],
      [2, 1],
    ]);
  });
});

describe('a large audience', () => {
  test('is sent to in slices, so that other work comes between', () => {
    const { kernel, scheduler, audience } = setUp(SLICE_MESSAGES * 2 + 10);
    audience.publish(audioDatagram(1, 0, 100));
    const seen: number[] = [];
    while (!scheduler.isIdle) {
      scheduler.turn();
      seen.push(kernel.sent.length);
    }
    expect(seen).toEqual([SLICE_MESSAGES, SLICE_MESSAGES * 2, SLICE_MESSAGES * 2 + 10]);
  });

  test('leaves a small one its turn', () => {
    const { kernel, scheduler, tally, loop, path, audience } = setUp(SLICE_MESSAGES * 3);
    const small = new LaneAudience({
      nowMs: scheduler.nowMs,
      tally,
      chooseLane: () => loop,
      makeWire: () => new SendmmsgWire(path, loop.callSlots),
      onClose: () => undefined,
    });
    small.add('127.0.0.1', 60_000);
    audience.publish(audioDatagram(1, 0, 100));
    small.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    scheduler.turn();
    expect(kernel.sent.some(({ port }) => port === 60_000)).toBe(true);
  });

  test('gives who leaves between two slices nothing, and who comes the next packet', () => {
    const { kernel, scheduler, audience, destinations } = setUp(SLICE_MESSAGES + 3);
    audience.publish(audioDatagram(1, 0, 100));
    scheduler.turn();
    const gone = destinations.at(-2);
    if (gone) audience.remove(gone);
    const early = destinations[5];
    if (early) audience.remove(early);
    audience.add('127.0.0.1', 60_000);
    scheduler.turn();
    expect(
      kernel.sent
        .slice(SLICE_MESSAGES)
        .map(({ port }) => port)
        .toSorted((a, b) => a - b),
    ).toEqual([SLICE_MESSAGES + 1, SLICE_MESSAGES + 3]);
    kernel.sent.length = 0;
    audience.publish(audioDatagram(1, 1, 100));
    while (!scheduler.isIdle) scheduler.turn();
    const next = kernel.sent.map(({ port }) => port).toSorted((a, b) => a - b);
    const expected = ports(SLICE_MESSAGES + 3).filter((port) => port !== 6 && port !== SLICE_MESSAGES + 2);
    expect(next).toEqual([...expected, 60_000]);
  });
});

test('what is no datagram is refused where it is handed over', () => {
  const { audience } = setUp(1);
  expect(() => audience.publish(new Uint8Array())).toThrow(RangeError);
  expect(() => audience.publish(new Uint8Array(20_000))).toThrow('A datagram of 20000 bytes');
});
