import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  LATE_MS,
  nextGroup,
  PacketQueue,
  type PendingPacket,
  PENDING_PACKETS_MAX,
} from '../../../src/relay/udp/packet-queue.ts';
import { audioDatagram } from './udp-receiver.ts';

const LIMITS = { packets: 32, bytes: 16_384 };

/** Each packet as [speaker, bytes]. */
function pendingOf(packets: readonly (readonly [number, number])[]): PendingPacket[] {
  return packets.map(([source, bytes], index) => ({
    source,
    datagram: Buffer.alloc(bytes, index),
    atMs: index,
  }));
}

function lengths(group: readonly PendingPacket[]): number[] {
  return group.map(({ datagram }) => datagram.length);
}

describe('what one message holds', () => {
  test.each([
    [
      'two of one size',
      [
        [1, 160],
        [2, 160],
      ],
      [160, 160],
    ],
    [
      'the larger first',
      [
        [1, 132],
        [2, 175],
      ],
      [175, 132],
    ],
    [
      'all of one size, then a smaller one',
      [
        [1, 90],
        [2, 160],
        [3, 160],
        [4, 160],
      ],
      [160, 160, 160, 90],
    ],
    [
      'the oldest in any case',
      [
        [1, 170],
        [2, 160],
        [3, 160],
      ],
      [170, 160],
    ],
    [
      'the largest of those that may end it',
      [
        [1, 200],
        [2, 50],
        [3, 120],
      ],
      [200, 120],
    ],
    [
      'one speaker in order',
      [
        [1, 160],
        [1, 160],
        [1, 100],
        [1, 160],
      ],
      [160, 160, 100],
    ],
    [
      'not one speaker out of order',
      [
        [1, 100],
        [1, 160],
      ],
      [100],
    ],
    [
      'nobody past his own earlier packet',
      [
        [1, 100],
        [2, 90],
        [2, 100],
      ],
      [100, 90],
    ],
  ] as const)('%s', (_name, packets, expected) => {
    expect(lengths(nextGroup(pendingOf(packets), LIMITS))).toEqual(expected);
  });

  test('no more packets or bytes than its limits, the oldest always', () => {
    const packets = pendingOf(Array.from({ length: 9 }, (_, index) => [index, 100] as const));
    expect(nextGroup(packets, { packets: 4, bytes: 16_384 })).toHaveLength(4);
    expect(nextGroup(packets, { packets: 32, bytes: 350 })).toHaveLength(3);
    expect(nextGroup(packets, { packets: 1, bytes: 16_384 })).toEqual(packets.slice(0, 1));
    expect(nextGroup(packets, { packets: 32, bytes: 50 })).toEqual(packets.slice(0, 1));
  });

  test('whatever comes, is cut rightly by the kernel and keeps the order of each speaker', () => {
    const packets = fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 41, max: 50 })), { maxLength: 20 });
    const limits = fc.record({
      packets: fc.integer({ min: 1, max: 8 }),
      bytes: fc.integer({ min: 41, max: 300 }),
    });
    fc.assert(
      fc.property(packets, limits, (list, most) => {
        let pending = pendingOf(list);
        const out: PendingPacket[] = [];
        while (pending.length > 0) {
          const group = nextGroup(pending, most);
          expect(group).toContain(pending[0]);
          expect(group.length).toBeLessThanOrEqual(most.packets);
          const [first = 0, ...rest] = lengths(group);
          const last = rest.pop() ?? first;
          expect(rest.every((length) => length === first) && last <= first).toBe(true);
          const bytes = lengths(group).reduce((sum, length) => sum + length, 0);
          expect(group.length === 1 || bytes <= most.bytes).toBe(true);
          out.push(...group);
          pending = pending.filter((packet) => !group.includes(packet));
        }
        for (let source = 0; source <= 4; source += 1) {
          const order = out.filter((packet) => packet.source === source).map(({ atMs }) => atMs);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
        expect(out).toHaveLength(list.length);
      }),
    );
  });
});

describe('the queue of an audience', () => {
  test('drops what has waited too long, and only that', () => {
    const queue = new PacketQueue();
    queue.push(audioDatagram(1, 0, 100), 0);
    queue.push(audioDatagram(1, 1, 100), 1);
    expect(queue.dropLate(LATE_MS)).toBe(0);
    expect(queue.dropLate(LATE_MS + 1)).toBe(1);
    expect(queue.take(LIMITS).map(({ atMs }) => atMs)).toEqual([1]);
    expect(queue.take(LIMITS)).toEqual([]);
  });

  test('takes no more than it may hold', () => {
    const queue = new PacketQueue();
    const taken = Array.from({ length: PENDING_PACKETS_MAX + 2 }, () => queue.push(Buffer.alloc(50), 0));
    expect(taken.filter(Boolean)).toHaveLength(PENDING_PACKETS_MAX);
    expect(queue.length).toBe(PENDING_PACKETS_MAX);
  });

  test('takes packets without an RTP header for those of one source', () => {
    const queue = new PacketQueue();
    for (const bytes of [50, 60, 20]) queue.push(Buffer.alloc(bytes, 1), 0);
    expect(lengths(queue.take(LIMITS))).toEqual([50]);
    expect(lengths(queue.take(LIMITS))).toEqual([60, 20]);
  });
});
