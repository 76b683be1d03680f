/**
 * Writes to a TCP socket with send(2) itself while Node has nothing queued for it, and keeps the kernel's own queue short.
 *
 * A sixth of what net.Socket.write costs is Node's own bookkeeping, and a fan-out pays it for every listener. Linux only,
 * and only for sockets whose descriptor was found beyond doubt; everything else goes through Node as ever.
 */
import type { Socket } from 'node:net';
import type { Batch, ListenerSocket } from './listener-queue.ts';
import { framesThrough } from './websocket-frame.ts';

/** The calls of the C library (their man pages, section 2 and 3), or undefined where there is none of that kind. */
interface SocketCalls {
  send(descriptor: number, bytes: Uint8Array, length: number, flags: number): number;
  setsockopt(descriptor: number, level: number, name: number, value: Int32Array, length: number): number;
  getpeername(descriptor: number, address: Uint8Array, length: Uint32Array): number;
  getsockname(descriptor: number, address: Uint8Array, length: Uint32Array): number;
  inet_ntop(family: number, address: Uint8Array, text: Uint8Array, length: number): unknown;
}

// linux/socket.h: do not wait, and do not raise SIGPIPE.
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SEND_FLAGS = MSG_DONTWAIT | MSG_NOSIGNAL;

// asm-generic/socket.h, which is that of every machine that Node 24 is made for.
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
/**
 * What the kernel may hold of one listener's audio: with what Linux adds some 100 KB, or 3 s of three speakers.
 * Left to itself it takes megabytes, which nobody can take back and which are worthless before they arrive.
 */
const SEND_BUFFER_BYTES = Int32Array.of(32_768);

//  struct sockaddr_in, sockaddr_in6 (netinet/in.h):
//  | family u16, host order | port u16, big-endian | 4: IPv4 address       |
//  |                        |                      | 4: flow u32 | 8: IPv6 |
const AF_INET = 2;
const AF_INET6 = 10;
const PORT_OFFSET = 2;
const IPV4_OFFSET = 4;
const IPV6_OFFSET = 8;
const SOCKADDR_BYTES = 28;
const TEXT_BYTES = 46;

const FIRST_DESCRIPTOR = 3;
/** The kernel gives the lowest free number, so a new socket stands near the first one that nobody here knows. */
const TRIES_BEYOND_KNOWN = 256;

/** Finds the descriptors of sockets; one for each relay. */
export class KernelSockets {
  readonly #calls: SocketCalls | undefined;
  readonly #known = new Set<number>();
  readonly #address = Buffer.alloc(SOCKADDR_BYTES);
  readonly #length = new Uint32Array(1);
  readonly #text = Buffer.alloc(TEXT_BYTES);

  static async load(): Promise<KernelSockets> {
    return new KernelSockets(await loadCalls());
  }

  private constructor(calls: SocketCalls | undefined) {
    this.#calls = calls;
  }

  /** The same socket with a cheaper way to send and a short queue in the kernel; only with Node's own where that cannot be. */
  open(socket: Socket): ListenerSocket {
    const calls = this.#calls;
    const descriptor = calls && this.#find(calls, socket);
    if (!calls || descriptor === undefined) return new NodeSocket(socket);
    this.#known.add(descriptor);
    calls.setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES, SEND_BUFFER_BYTES.byteLength);
    socket.once('close', () => this.#known.delete(descriptor));
    return new KernelSocket(socket, descriptor, calls);
  }

  /** By its two ends, which no other socket shares. */
  #find(calls: SocketCalls, { remoteAddress, remotePort, localPort }: Socket): number | undefined {
    const end = FIRST_DESCRIPTOR + this.#known.size + TRIES_BEYOND_KNOWN;
    for (let descriptor = FIRST_DESCRIPTOR; descriptor < end; descriptor++) {
      if (this.#known.has(descriptor)) continue;
      if (!this.#ask(() => calls.getpeername(descriptor, this.#address, this.#length))) continue;
      if (this.#port() !== remotePort || this.#host(calls) !== remoteAddress) continue;
      if (!this.#ask(() => calls.getsockname(descriptor, this.#address, this.#length))) continue;
      if (this.#port() === localPort) return descriptor;
    }
    return undefined;
  }

  #ask(call: () => number): boolean {
    this.#length[0] = SOCKADDR_BYTES;
    return call() === 0;
  }

  #port(): number {
    return this.#address.readUInt16BE(PORT_OFFSET);
  }

  #host(calls: SocketCalls): string | undefined {
    const family = this.#address.readUInt16LE(0);
    if (family !== AF_INET && family !== AF_INET6) return undefined;
    const address = this.#address.subarray(family === AF_INET ? IPV4_OFFSET : IPV6_OFFSET);
    if (!calls.inet_ntop(family, address, this.#text, TEXT_BYTES)) return undefined;
    return this.#text.toString('latin1', 0, this.#text.indexOf(0));
  }
}

/** What both need of a net.Socket. */
type InnerSocket = Pick<Socket, 'writableLength' | 'destroyed'> & Pick<ListenerSocket, 'write'>;

/** One socket whose descriptor is known. */
export class KernelSocket implements ListenerSocket {
  readonly #socket: InnerSocket;
  readonly #descriptor: number;
  readonly #calls: Pick<SocketCalls, 'send'>;

  constructor(socket: InnerSocket, descriptor: number, calls: Pick<SocketCalls, 'send'>) {
    this.#socket = socket;
    this.#descriptor = descriptor;
    this.#calls = calls;
  }

  get writableLength(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): void {
    this.#socket.write(bytes, taken);
  }

  send({ bytes, packets }: Batch): Batch | undefined {
    const socket = this.#socket;
    // A destroyed socket's descriptor may be another's already.
    if (socket.destroyed) return undefined;
    const sent = this.#calls.send(this.#descriptor, bytes, bytes.length, SEND_FLAGS);
    if (sent === bytes.length) return undefined;
    // A frame that is begun must be ended, so Node keeps its rest until the kernel takes it; an error meets Node there, and
    // closes the socket.
    const from = Math.max(sent, 0);
    const begun = packets > 1 ? framesThrough(bytes, from) : { bytes: bytes.length, frames: packets };
    socket.write(bytes.subarray(from, begun.bytes));
    if (begun.bytes === bytes.length) return undefined;
    return { bytes: bytes.subarray(begun.bytes), packets: packets - begun.frames };
  }
}

/** One socket that only Node writes to, which takes a batch whole. */
class NodeSocket implements ListenerSocket {
  readonly #socket: InnerSocket;

  constructor(socket: InnerSocket) {
    this.#socket = socket;
  }

  get writableLength(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): void {
    this.#socket.write(bytes, taken);
  }

  send({ bytes }: Batch): undefined {
    this.#socket.write(bytes);
  }
}

async function loadCalls(): Promise<SocketCalls | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load('libc.so.6');
    return {
      send: libc.func('long send(int, const void *, size_t, int)') as SocketCalls['send'],
      setsockopt: libc.func(
        'int setsockopt(int, int, int, const void *, uint32_t)',
      ) as SocketCalls['setsockopt'],
      getpeername: libc.func('int getpeername(int, void *, void *)') as SocketCalls['getpeername'],
      getsockname: libc.func('int getsockname(int, void *, void *)') as SocketCalls['getsockname'],
      inet_ntop: libc.func(
        'void *inet_ntop(int, const void *, void *, uint32_t)',
      ) as SocketCalls['inet_ntop'],
    };
  } catch {
    // Another C library (musl), or no koffi for this machine: Node's own way works everywhere.
    return undefined;
  }
}
