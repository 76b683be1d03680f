import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KernelSocket, KernelSockets } from '../../src/relay/kernel-socket.ts';
import { type Batch, ListenerQueue } from '../../src/relay/listener-queue.ts';
import { frameBytes, writeFrame } from '../../src/relay/websocket-frame.ts';

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

/** Two ends of a TCP connection on loopback. */
async function connected(host = '127.0.0.1'): Promise<Pair> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, host);
  const [near] = (await once(server, 'connection')) as [Socket];
  near.on('error', () => undefined);
  far.on('error', () => undefined);
  onTestFinished(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far };
}

async function read(far: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of far.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks);
}

/** Packets as one batch of frames. */
function framed(...packets: (string | Uint8Array)[]): Batch {
  const bytes = Buffer.alloc(packets.reduce((sum, packet) => sum + frameBytes(Buffer.from(packet)), 0));
  let offset = 0;
  for (const packet of packets) offset = writeFrame(Buffer.from(packet), bytes, offset);
  return { bytes, packets: packets.length };
}

describe('a socket written to by the kernel call', () => {
  test.each(['127.0.0.1', '::1'])(
    'is found by its two ends and takes the bytes past Node (%s)',
    async (host) => {
      const { near, far } = await connected(host);
      const socket = (await KernelSockets.load()).open(near);
      socket.send(framed('hello'));
      expect((await read(far, 7)).toString('latin1')).toBe('\x82\x05hello');
      expect(near.bytesWritten).toBe(0);
    },
  );

  test('is found among many others, each its own', async () => {
    const sockets = await KernelSockets.load();
    const pairs = await Promise.all(Array.from({ length: 50 }, () => connected()));
    const opened = pairs.map(({ near }) => sockets.open(near));
    for (const [index, socket] of opened.entries()) socket.send(framed(`to ${index}`.padEnd(8)));
    const heard = await Promise.all(pairs.map(({ far }) => read(far, 10)));
    expect(heard.map((bytes) => bytes.toString('latin1', 2).trim())).toEqual(
      pairs.map((_, index) => `to ${index}`),
    );
  });

  test('has a short queue in the kernel, because what lies there cannot be taken back', async () => {
    const { near, far } = await connected();
    far.pause();
    const socket = (await KernelSockets.load()).open(near);
    let bytes = 0;
    while (socket.writableLength === 0) {
      bytes += 1004;
      socket.send(framed(Buffer.alloc(1000)));
    }
    // Both ends together; with the kernel's own choice it is megabytes.
    expect(bytes).toBeLessThan(300_000);
  });

  test('loses and swaps nothing when its peer stops reading for a while, and Node has the rest of one frame at most', async () => {
    const { near, far } = await connected();
    const socket = (await KernelSockets.load()).open(near);
    const queue = new ListenerQueue(socket, 1e9);
    const blocks = Array.from({ length: 400 }, (_, index) =>
      framed(...Array.from({ length: 16 }, () => Buffer.alloc(1000, index & 0xff))),
    );
    for (const block of blocks) {
      queue.offer(block, 0);
      expect(socket.writableLength).toBeLessThanOrEqual(1004);
    }
    expect(socket.writableLength).toBeGreaterThan(0);
    const all = Buffer.concat(blocks.map(({ bytes }) => bytes));
    expect((await read(far, all.length)).equals(all)).toBe(true);
    queue.offer(framed('and on'), 0);
    expect((await read(far, 8)).toString('latin1', 2)).toBe('and on');
  });

  test('loses what is taken back up to the frame that is on its way, and nothing of what follows', async () => {
    const { near, far } = await connected();
    const socket = (await KernelSockets.load()).open(near);
    const queue = new ListenerQueue(socket, 1e9);
    const turn = Array.from({ length: 16 }, () => Buffer.alloc(1000));
    let offered = 0;
    while (socket.writableLength === 0) {
      queue.offer(framed(...turn), 0);
      offered += turn.length;
    }
    queue.offer(framed(...turn), 0);
    const left = offered + turn.length - queue.retract();
    expect(left).toBeLessThanOrEqual(offered);
    queue.offer(framed('and on'), 0);
    const heard = await read(far, left * 1004 + 8);
    expect(heard.toString('latin1', left * 1004 + 2)).toBe('and on');
  });

  test('meets a reset peer without an exception', async () => {
    const { near, far } = await connected();
    const socket = (await KernelSockets.load()).open(near);
    const closed = new Promise((resolve) => near.once('close', resolve));
    far.resetAndDestroy();
    while (!near.destroyed) {
      socket.send(framed('are you there'));
      await new Promise(setImmediate);
    }
    await closed;
  });
});

/** A socket and a kernel that note who was given what; the kernel takes so many bytes. */
function stubbed({ takes = 100, destroyed = false }) {
  const toNode: string[] = [];
  const toKernel: string[] = [];
  const node = {
    writableLength: 0,
    destroyed,
    write: (bytes: Uint8Array) => toNode.push(Buffer.from(bytes).toString('latin1')),
  };
  const send = (descriptor: number, bytes: Uint8Array): number => {
    toKernel.push(`${descriptor} ${Buffer.from(bytes).toString('latin1')}`);
    return Math.min(takes, bytes.length);
  };
  return { socket: new KernelSocket(node, 7, { send }), toNode, toKernel };
}

describe('what goes through Node', () => {
  test('is nothing while the kernel takes all', () => {
    const { socket, toNode, toKernel } = stubbed({});
    expect(socket.send(framed('hello'))).toBeUndefined();
    expect({ toNode, toKernel }).toEqual({ toNode: [], toKernel: ['7 \x82\x05hello'] });
  });

  test.each([
    ['the rest of a frame that the kernel takes in part', 4, 'llo'],
    ['the rest of the one in the middle', 9, 'two'],
    ['the first frame that is not begun, so that somebody tells when there is room', 7, '\x82\x03two'],
    ['the first frame when the kernel takes nothing', -1, '\x82\x05hello'],
  ])('is %s, and no frame more', (_, takes, toNodeBytes) => {
    const { socket, toNode } = stubbed({ takes });
    const all = framed('hello', 'two', 'x'.repeat(300));
    const rest = socket.send(all);
    expect(toNode).toEqual([toNodeBytes]);
    const packets = takes < 7 ? 2 : 1;
    const bytes = all.bytes.subarray(packets === 2 ? 7 : 12);
    expect(rest).toEqual({ bytes, packets });
  });

  test('is the rest of the last frame, and then nothing waits', () => {
    const { socket, toNode } = stubbed({ takes: 13 });
    expect(socket.send(framed('hello', 'longer'))).toBeUndefined();
    expect(toNode).toEqual(['er']);
  });
});

test('a destroyed socket gets nothing, because its number may be another one already', () => {
  const { socket, toNode, toKernel } = stubbed({ destroyed: true });
  expect(socket.send(framed('hello'))).toBeUndefined();
  expect({ toNode, toKernel }).toEqual({ toNode: [], toKernel: [] });
});
