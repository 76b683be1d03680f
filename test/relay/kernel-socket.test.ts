import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KernelSocket, KernelSockets } from '../../src/relay/kernel-socket.ts';

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

function numbered(count: number, bytes: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const block = Buffer.alloc(bytes, index & 0xff);
    block.writeUInt32BE(index);
    return block;
  });
}

describe('a socket written to by the kernel call', () => {
  test.each(['127.0.0.1', '::1'])(
    'is found by its two ends and takes the bytes past Node (%s)',
    async (host) => {
      const { near, far } = await connected(host);
      const socket = (await KernelSockets.load()).open(near);
      socket.write(Buffer.from('hello'));
      expect((await read(far, 5)).toString()).toBe('hello');
      expect(near.bytesWritten).toBe(0);
    },
  );

  test('is found among many others, each its own', async () => {
    const sockets = await KernelSockets.load();
    const pairs = await Promise.all(Array.from({ length: 50 }, () => connected()));
    const opened = pairs.map(({ near }) => sockets.open(near));
    for (const [index, socket] of opened.entries()) socket.write(Buffer.from(`to ${index}`.padEnd(8)));
    const heard = await Promise.all(pairs.map(({ far }) => read(far, 8)));
    expect(heard.map((bytes) => bytes.toString().trim())).toEqual(pairs.map((_, index) => `to ${index}`));
  });

  test('loses and swaps nothing when its peer stops reading for a while', async () => {
    const { near, far } = await connected();
    const socket = (await KernelSockets.load()).open(near);
    const blocks = numbered(400, 65_536);
    // The first ones fill the kernel's buffer, the next is taken in part, the others wait in Node.
    for (const block of blocks) socket.write(block);
    expect(socket.writableLength).toBeGreaterThan(0);
    const all = Buffer.concat(blocks);
    expect((await read(far, all.length)).equals(all)).toBe(true);
    socket.write(Buffer.from('and on'));
    expect((await read(far, 6)).toString()).toBe('and on');
  });

  test('tells when what waits has been taken, in the order in which it was written', async () => {
    const { near, far } = await connected();
    const socket = (await KernelSockets.load()).open(near);
    for (const block of numbered(200, 65_536)) socket.write(block);
    const taken = new Promise<void>((resolve) => socket.write(Buffer.from('last'), () => resolve()));
    await read(far, 200 * 65_536 + 4);
    await taken;
  });

  test('meets a reset peer without an exception', async () => {
    const { near, far } = await connected();
    const socket = (await KernelSockets.load()).open(near);
    const closed = new Promise((resolve) => near.once('close', resolve));
    far.resetAndDestroy();
    while (!near.destroyed) {
      socket.write(Buffer.from('are you there'));
      await new Promise(setImmediate);
    }
    await closed;
  });
});

/** A socket and a kernel that note who was given what; the kernel takes so many bytes. */
function stubbed({ takes = 100, writableLength = 0, destroyed = false }) {
  const toNode: string[] = [];
  const toKernel: string[] = [];
  const node = {
    writableLength,
    destroyed,
    write: (bytes: Uint8Array) => toNode.push(Buffer.from(bytes).toString()),
  };
  const send = (descriptor: number, bytes: Uint8Array): number => {
    toKernel.push(`${descriptor} ${Buffer.from(bytes).toString()}`);
    return Math.min(takes, bytes.length);
  };
  return { socket: new KernelSocket(node, 7, { send }), toNode, toKernel };
}

describe('what goes through Node', () => {
  test('is nothing while the kernel takes all', () => {
    const { socket, toNode, toKernel } = stubbed({});
    socket.write(Buffer.from('hello'));
    expect({ toNode, toKernel }).toEqual({ toNode: [], toKernel: ['7 hello'] });
  });

  test('is the rest of what the kernel takes in part', () => {
    const { socket, toNode } = stubbed({ takes: 2 });
    socket.write(Buffer.from('hello'));
    expect(toNode).toEqual(['llo']);
  });

  test('is all of what the kernel refuses', () => {
    const { socket, toNode } = stubbed({ takes: -1 });
    socket.write(Buffer.from('hello'));
    expect(toNode).toEqual(['hello']);
  });

  test.each([
    { when: 'while Node still has something to send', state: { writableLength: 1 } },
    {
      when: 'once the socket is destroyed, when its number may be another one already',
      state: { destroyed: true },
    },
  ])('is everything $when', ({ state }) => {
    const { socket, toNode, toKernel } = stubbed(state);
    socket.write(Buffer.from('hello'));
    expect({ toNode, toKernel }).toEqual({ toNode: ['hello'], toKernel: [] });
  });

  test('is what somebody wants to be told of', () => {
    const { socket, toNode, toKernel } = stubbed({});
    socket.write(Buffer.from('hello'), () => undefined);
    expect({ toNode, toKernel }).toEqual({ toNode: ['hello'], toKernel: [] });
  });
});
