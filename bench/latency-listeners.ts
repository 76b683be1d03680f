/** All listeners of `latency` in a process of their own: bare sockets that read WebSocket frames and note when each came. */
import { type Socket, connect } from 'node:net';
import { monotonicMs, packetKey } from './latency-clock.ts';

export type ListenersOrder =
  /** `upgrade`: the request that makes it a WebSocket; none for a plain socket, which has frames all the same */
  | {
      readonly do: 'connect';
      readonly count: number;
      readonly port: number;
      readonly upgrade?: string | undefined;
    }
  | { readonly do: 'collect' };

/** For each packet that came, by `packetKey`, when each listener got it; NaN for who did not. */
export type Arrivals = Map<number, Float64Array>;

const CONNECTING_AT_ONCE = 100;
const BINARY = 0x82;
const PING = 0x89;
/** Empty, and masked with zeros. */
const PONG = Buffer.of(0x8a, 0x80, 0, 0, 0, 0);
const AUDIO = 1;
const SEQUENCE_OFFSET = 3;
const SSRC_OFFSET = 9;

// libuv reads and hands over at once, so one buffer serves all sockets, which keeps reading cheap.
const readBuffer = Buffer.alloc(65_536);
let listeners = 0;
let arrivals: Arrivals = new Map();

class Listener {
  readonly #index = listeners++;
  readonly #ready = Promise.withResolvers<void>();
  readonly #socket: Socket;
  #isUpgraded: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(port: number, upgrade: string | undefined) {
    this.#isUpgraded = upgrade === undefined;
    const onread = { buffer: readBuffer, callback: (bytes: number) => this.#read(bytes) };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread }, () => {
      if (upgrade === undefined) this.#ready.resolve();
      else this.#socket.write(upgrade);
    });
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  #read(bytes: number): boolean {
    const nowMs = monotonicMs();
    const fresh = readBuffer.subarray(0, bytes);
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, fresh]) : fresh;
    const chunk = this.#isUpgraded ? all : this.#passAnswer(all);
    let offset = 0;
    for (let end = frameEnd(chunk, offset); end <= chunk.length; end = frameEnd(chunk, offset)) {
      this.#take(chunk, offset, nowMs);
      offset = end;
    }
    this.#rest = offset < chunk.length ? Buffer.from(chunk.subarray(offset)) : Buffer.alloc(0);
    return true;
  }

  #passAnswer(chunk: Buffer): Buffer {
    const end = chunk.indexOf('\r\n\r\n');
    if (end < 0) return chunk;
    if (!chunk.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) throw new Error(chunk.toString());
    this.#isUpgraded = true;
    this.#ready.resolve();
    return chunk.subarray(end + 4);
  }

  #take(chunk: Buffer, offset: number, nowMs: number): void {
    if (chunk[offset] === PING) this.#socket.write(PONG);
    if (chunk[offset] !== BINARY) return;
    const packet = offset + headerBytes(chunk, offset);
    if (chunk[packet] !== AUDIO) return;
    const key = packetKey(
      chunk.readUInt32BE(packet + SSRC_OFFSET),
      chunk.readUInt16BE(packet + SEQUENCE_OFFSET),
    );
    let times = arrivals.get(key);
    if (!times) {
      times = new Float64Array(listeners).fill(Number.NaN);
      arrivals.set(key, times);
    }
    times[this.#index] = nowMs;
  }
}

function headerBytes(chunk: Buffer, offset: number): number {
  return chunk[offset + 1] === 126 ? 4 : 2;
}

/** Where the frame at `offset` ends; infinite while that cannot be told. */
function frameEnd(chunk: Buffer, offset: number): number {
  if (chunk.length < offset + 2) return Infinity;
  const length = chunk[offset + 1]!;
  if (length < 126) return offset + 2 + length;
  return chunk.length < offset + 4 ? Infinity : offset + 4 + chunk.readUInt16BE(offset + 2);
}

async function connectAll(port: number, upgrade: string | undefined, count: number): Promise<void> {
  for (let connected = 0; connected < count; connected += CONNECTING_AT_ONCE) {
    const some = Array.from(
      { length: Math.min(CONNECTING_AT_ONCE, count - connected) },
      () => new Listener(port, upgrade),
    );
    await Promise.all(some.map(({ ready }) => ready));
  }
}

process.on('message', (order: ListenersOrder) => {
  if (order.do === 'connect') {
    void connectAll(order.port, order.upgrade, order.count).then(() => process.send?.('connected'));
  } else {
    process.send?.(arrivals);
    arrivals = new Map();
  }
});
process.on('disconnect', () => process.exit());
