/** The engine of every platform: node:dgram, one send a destination. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { constants } from 'node:os';
import type { DatagramSocket, DatagramSocketOptions } from './datagram-sender.ts';
import { LaneSocket } from './lane-socket.ts';
import { Lanes } from './lanes.ts';
import type { MessageLimits } from './packet-queue.ts';
import { systemScheduler } from './send-loop.ts';
import { newTally, type Tally } from './tally.ts';
import { MESSAGE_MAX_BYTES, type Wire } from './wire.ts';

const BUFFER_BYTES = 4 << 20;
const LIMITS: MessageLimits = { packets: 1, bytes: MESSAGE_MAX_BYTES };

/** Only the thread that opened a dgram socket can send on it. */
const NO_SHARDS = {
  beyond: Number.POSITIVE_INFINITY,
  furtherMax: 0,
  startFurther: () => Promise.reject(new Error('dgram has no workers')),
};

/** What one socket's wires share. */
interface DgramPath {
  readonly socket: Socket;
  readonly ipv6: boolean;
  readonly tally: Tally;
}

/**
 * @param options `host` is an address
 * @throws the system's error when the port cannot be bound
 */
export async function openDgramSocket(
  options: Pick<DatagramSocketOptions, 'host' | 'port' | 'nowMs'>,
): Promise<DatagramSocket> {
  const socket = createSocket({
    type: isIPv6(options.host) ? 'udp6' : 'udp4',
    recvBufferSize: BUFFER_BYTES,
    sendBufferSize: BUFFER_BYTES,
    // Every address is numeric already: node's own would cost a turn of the event loop for each datagram.
    lookup: (hostname, _options, callback) => callback(null, hostname, isIP(hostname)),
  });
  // With such a lookup, bind is done before it returns.
  const listening = once(socket, 'listening');
  socket.bind(options.port, options.host);
  await listening;
  const scheduler = { ...systemScheduler, ...(options.nowMs && { nowMs: options.nowMs }) };
  const path: DgramPath = { socket, ipv6: isIPv6(options.host), tally: newTally() };
  return new LaneSocket({
    engine: 'dgram',
    reader: socket,
    tally: path.tally,
    lanes: new Lanes({ ...NO_SHARDS, scheduler }),
    nowMs: scheduler.nowMs,
    makeWire: () => new DgramWire(path),
  });
}

class DgramWire implements Wire {
  readonly limits = LIMITS;
  readonly #path: DgramPath;
  readonly #addresses: string[] = [];
  readonly #ports: number[] = [];
  #datagram: Uint8Array = new Uint8Array();

  constructor(path: DgramPath) {
    this.#path = path;
  }

  place(slot: number, address: string, port: number): void {
    if (isIP(address) === 0) throw new TypeError(`"${address}" is not an IP address.`);
    this.#addresses[slot] = this.#path.ipv6 && isIPv4(address) ? `::ffff:${address}` : address;
    this.#ports[slot] = port;
  }

  move(from: number, to: number): void {
    this.#addresses[to] = this.#addresses[from] ?? '';
    this.#ports[to] = this.#ports[from] ?? 0;
  }

  load([datagram = new Uint8Array()]: readonly Uint8Array[]): void {
    this.#datagram = datagram;
  }

  transmit(slot: number, count: number): number {
    const { socket } = this.#path;
    for (let sent = 0; sent < count; sent += 1) {
      // What libuv holds back could no longer be dropped, nor kept from who is removed.
      if (socket.getSendQueueCount() > 0) return sent > 0 ? sent : -constants.errno.EAGAIN;
      const port = this.#ports[slot + sent] ?? 0;
      // Node throws for port 0.
      if (port === 0) return sent > 0 ? sent : -constants.errno.EINVAL;
      socket.send(this.#datagram, port, this.#addresses[slot + sent] ?? '', this.#onSent);
    }
    return count;
  }

  /** Packets are never combined here. */
  transmitApart(): number {
    return 0;
  }

  job(): undefined {}

  /** One for all: no closure for each datagram. It was counted as sent. */
  readonly #onSent = (error: Error | null): void => {
    if (!error) return;
    this.#path.tally.sent -= 1;
    this.#path.tally.badDestination += 1;
  };
}
