import { describe, expect, test } from 'vitest';
import { FanOut } from '../../src/relay/fan-out.ts';
import { type Batch, ListenerQueue, type ListenerSocket } from '../../src/relay/listener-queue.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** A socket whose kernel takes bytes only while it is told to, as a stream's does. */
class HandSocket implements ListenerSocket {
  takes = true;
  readonly writes: Uint8Array[] = [];
  #held: { readonly bytes: Uint8Array; readonly taken: (() => void) | undefined }[] = [];

  get writableLength(): number {
    return this.#held.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  send({ bytes }: Batch): undefined {
    this.write(bytes);
  }

  write(bytes: Uint8Array, taken?: () => void): void {
    this.#held.push({ bytes, taken });
    if (this.takes) this.take();
  }

  /** The kernel takes all that is held. */
  take(): void {
    const held = this.#held;
    this.#held = [];
    for (const { bytes, taken } of held) {
      this.writes.push(bytes);
      taken?.();
    }
  }

  /** First payload bytes of the frames written, in order. */
  heard(): number[] {
    const stream = Buffer.concat(this.writes);
    const firstBytes = [];
    for (let offset = 0; offset < stream.length;) {
      const short = stream[offset + 1] ?? 0;
      const [header, length] = short === 126 ? [4, stream.readUInt16BE(offset + 2)] : [2, short];
      firstBytes.push(stream[offset + header] ?? -1);
      offset += header + length;
    }
    return firstBytes;
  }
}

const PACKET_BYTES = 98;
const FRAME_BYTES = 100;

function packet(firstByte: number): Uint8Array {
  return new Uint8Array(PACKET_BYTES).fill(firstByte);
}

function makeFanOut() {
  const clock = new ManualClock();
  const turns: (() => void)[] = [];
  const seen = { drops: 0, slow: [] as ListenerQueue[] };
  const fanOut = new FanOut({
    defer: (flush) => void turns.push(flush),
    nowMs: clock.nowMs,
    tooSlowMs: 1000,
    onDrop: (packets) => (seen.drops += packets),
    onTooSlow: (queue) => void seen.slow.push(queue),
  });
  function join(maxBytes = 5 * FRAME_BYTES): { socket: HandSocket; queue: ListenerQueue } {
    const socket = new HandSocket();
    const queue = new ListenerQueue(socket, maxBytes);
    fanOut.add(queue);
    return { socket, queue };
  }
  function endTurn(): void {
    for (const flush of turns.splice(0)) flush();
  }
  /** Each packet in a turn of its own. */
  function publish(...firstBytes: number[]): void {
    for (const firstByte of firstBytes) {
      fanOut.publish(packet(firstByte));
      endTurn();
    }
  }
  return { clock, fanOut, seen, turns, join, endTurn, publish };
}

describe('fan-out', () => {
  test('writes the packets of one turn at once, the same bytes to every listener', () => {
    const { fanOut, join, turns, endTurn } = makeFanOut();
    const [one, two] = [join().socket, join().socket];
    for (const firstByte of [1, 2, 3]) fanOut.publish(packet(firstByte));
    expect(turns).toHaveLength(1);
    expect(one.writes).toHaveLength(0);
    endTurn();
    expect(one.writes).toHaveLength(1);
    expect(one.heard()).toEqual([1, 2, 3]);
    expect(one.writes[0]).toBe(two.writes[0]);
  });

  test('splits a turn that brings more than a batch holds, and keeps the order', () => {
    const { fanOut, join, endTurn } = makeFanOut();
    const { socket } = join();
    const firstBytes = Array.from({ length: 200 }, (_, index) => index);
    for (const firstByte of firstBytes) fanOut.publish(packet(firstByte));
    endTurn();
    expect(socket.heard()).toEqual(firstBytes);
    expect(socket.writes.map(({ length }) => length)).toEqual([16_300, 3700]);
  });

  test('frames short, long and longest packets as RFC 6455 says', () => {
    const { fanOut, join, endTurn } = makeFanOut();
    const { socket } = join();
    for (const length of [42, 125, 126, 255, 256, 1316]) fanOut.publish(new Uint8Array(length).fill(1));
    endTurn();
    const headers = ['822a', '827d', '827e007e', '827e00ff', '827e0100', '827e0524'];
    const stream = Buffer.concat(socket.writes).toString('hex');
    const lengths = [42, 125, 126, 255, 256, 1316];
    expect(stream).toBe(headers.map((header, index) => header + '01'.repeat(lengths[index] ?? 0)).join(''));
  });

  test('a listener that has left gets nothing more', () => {
    const { fanOut, join, publish } = makeFanOut();
    const [first, { socket, queue }, last] = [join(), join(), join()];
    publish(1);
    fanOut.remove(queue);
    fanOut.remove(queue);
    publish(2);
    expect(socket.heard()).toEqual([1]);
    expect([first, last].map((other) => other.socket.heard())).toEqual([
      [1, 2],
      [1, 2],
    ]);
    fanOut.remove(last.queue);
    publish(3);
    expect([first, last].map((other) => other.socket.heard().length)).toEqual([3, 2]);
  });

  test('at its end everyone gets what was still to come, a slow listener too', () => {
    const { fanOut, join, publish } = makeFanOut();
    const { socket } = join();
    socket.takes = false;
    publish(1, 2, 3, 4);
    fanOut.publish(packet(5));
    fanOut.end();
    socket.take();
    expect(socket.heard()).toEqual([1, 2, 3, 4, 5]);
    expect(fanOut.size).toBe(0);
  });
});

describe('what is taken back', () => {
  test('is neither in what this turn brings nor in what a slow listener is owed, and is counted', () => {
    const { fanOut, join, publish, endTurn } = makeFanOut();
    const [slow, quick] = [join().socket, join().socket];
    slow.takes = false;
    publish(1, 2, 3, 4);
    fanOut.publish(packet(5));
    // Three for the slow one, whose socket has the first, and one for each of this turn.
    expect(fanOut.retract()).toBe(3 + 2);
    endTurn();
    slow.takes = true;
    slow.take();
    publish(6);
    expect(slow.heard()).toEqual([1, 6]);
    expect(quick.heard()).toEqual([1, 2, 3, 4, 6]);
  });

  test('may be followed by more in the same turn', () => {
    const { fanOut, join, endTurn } = makeFanOut();
    const { socket } = join();
    fanOut.publish(packet(1));
    expect(fanOut.retract()).toBe(1);
    fanOut.publish(packet(2));
    endTurn();
    expect(socket.heard()).toEqual([2]);
    expect(fanOut.retract()).toBe(0);
  });
});

describe('a slow listener', () => {
  test('to whom the kernel owes something else yet waits for that, and then hears all of it', () => {
    const { join, publish } = makeFanOut();
    const { socket } = join();
    socket.takes = false;
    socket.write(Buffer.of(0x82, 1, 99));
    publish(1, 2);
    expect(socket.writableLength).toBe(3);
    socket.takes = true;
    socket.take();
    expect(socket.heard()).toEqual([99, 1, 2]);
  });

  test('that catches up in time has lost nothing', () => {
    const { join, publish, seen } = makeFanOut();
    const { socket } = join();
    socket.takes = false;
    publish(1, 2, 3, 4, 5);
    socket.takes = true;
    socket.take();
    publish(6);
    expect(socket.heard()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(seen.drops).toBe(0);
  });

  test('loses the oldest audio first, and only beyond its bound', () => {
    const { join, publish, seen } = makeFanOut();
    const { socket } = join();
    const quick = join().socket;
    socket.takes = false;
    // One is with the socket already and cannot be taken back; four more fill the bound of five.
    publish(1, 2, 3, 4, 5, 6, 7);
    expect(seen.drops).toBe(2);
    socket.takes = true;
    socket.take();
    expect(socket.heard()).toEqual([1, 4, 5, 6, 7]);
    expect(quick.heard()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test('counts every packet of a batch that it loses', () => {
    const { fanOut, join, publish, endTurn, seen } = makeFanOut();
    const { socket } = join();
    socket.takes = false;
    publish(1);
    for (const firstByte of [3, 4, 5]) fanOut.publish(packet(firstByte));
    endTurn();
    publish(6, 7);
    expect(seen.drops).toBe(3);
  });

  test('keeps the newest batch even when its bound is smaller than that', () => {
    const { join, publish } = makeFanOut();
    const { socket } = join(1);
    socket.takes = false;
    publish(1, 2, 3, 4);
    socket.takes = true;
    socket.take();
    expect(socket.heard()).toEqual([1, 4]);
  });

  test('never has more with its socket than one batch, so that the rest can be dropped or taken back', () => {
    const { join, publish } = makeFanOut();
    const { socket } = join(100 * FRAME_BYTES);
    socket.takes = false;
    publish(...Array.from({ length: 50 }, (_, index) => index));
    expect(socket.writableLength).toBe(FRAME_BYTES);
    socket.take();
    expect(socket.writableLength).toBe(FRAME_BYTES);
  });

  test('is out once it has been losing audio for the whole time allowed', () => {
    const { clock, fanOut, join, publish, seen } = makeFanOut();
    const { socket, queue } = join();
    socket.takes = false;
    publish(1, 2, 3, 4, 5, 6);
    expect(seen.drops).toBe(1);
    clock.advance(999);
    publish(7);
    expect(seen.slow).toEqual([]);
    clock.advance(1);
    publish(8);
    expect(seen.slow).toEqual([queue]);
    expect(fanOut.size).toBe(0);
    publish(9);
    expect(seen.drops).toBe(3);
  });

  test('starts afresh once it has caught up', () => {
    const { clock, join, publish, seen } = makeFanOut();
    const { socket } = join();
    socket.takes = false;
    publish(1, 2, 3, 4, 5, 6);
    clock.advance(900);
    socket.takes = true;
    socket.take();
    socket.takes = false;
    publish(1, 2, 3, 4, 5, 6);
    clock.advance(900);
    publish(7);
    expect(seen.slow).toEqual([]);
    expect(seen.drops).toBe(3);
  });
});
