/** The engine of Linux: sendmmsg(2) on a socket of our own, which dgram reads from. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { availableParallelism } from 'node:os';
import type { DatagramSocket, DatagramSocketOptions } from './datagram-sender.ts';
import { parseIpAddress } from './ip-address.ts';
import { LaneSocket } from './lane-socket.ts';
import { Lanes } from './lanes.ts';
import { loadLibc, type Libc } from './libc.ts';
import { testPath } from './self-test.ts';
import { systemScheduler } from './send-loop.ts';
import { type SendPath, SendmmsgWire } from './sendmmsg-wire.ts';
import { ShardLane } from './shard-lane.ts';
import { AF_INET, AF_INET6, NAME_BYTES, writeName } from './socket-structs.ts';
import { newTally } from './tally.ts';

/** Room for a packet to each of some thousand listeners; the system caps it at net.core.wmem_max. */
const BUFFER_BYTES = 4 << 20;

/** What one thread sends in half of a packet's 20 ms. */
const SHARD_BEYOND = 3000;
/** Further threads only wait for each other in the kernel. */
const SHARDS_MAX = 3;

const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;

export interface OpenedSocket {
  readonly socket: DatagramSocket;
  /** For the log: what it sends with. */
  readonly description: string;
}

/**
 * @param options `host` is an address
 * @throws Error that says why this engine cannot be had here, or the system's error when the port cannot be bound
 */
export async function openSendmmsgSocket(options: DatagramSocketOptions): Promise<OpenedSocket> {
  const libc = await loadLibc();
  const ipv6 = isIPv6(options.host);
  const fd = bindUdp(libc, options.host, options.port);
  const reader = createSocket(ipv6 ? 'udp6' : 'udp4');
  try {
    // With a descriptor, bind is done before it returns.
    const listening = once(reader, 'listening');
    reader.bind({ fd, exclusive: true });
    await listening;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
  const path: SendPath = { calls: libc.sendCalls(fd), ipv6, combines: true };
  const scheduler = { ...systemScheduler, ...(options.nowMs && { nowMs: options.nowMs }) };
  const beyond = options.shardBeyond ?? SHARD_BEYOND;
  const lanes = new Lanes({
    scheduler,
    beyond,
    furtherMax: options.shardsMax ?? Math.min(SHARDS_MAX, availableParallelism() - 1),
    startFurther: () => ShardLane.start(fd, scheduler),
  });
  const tally = newTally();
  const socket = new LaneSocket({
    engine: 'sendmmsg',
    reader,
    tally,
    lanes,
    nowMs: scheduler.nowMs,
    makeWire: (slots) => new SendmmsgWire(path, slots),
  });
  try {
    path.combines = await testPath(socket, options.host);
    Object.assign(tally, newTally());
  } catch (error) {
    await socket.close();
    throw error;
  }
  if (beyond <= 1) await lanes.startFurther();
  const description = path.combines ? 'sendmmsg, and packets combined (GSO)' : 'sendmmsg';
  return { socket, description };
}

function bindUdp(libc: Libc, host: string, port: number): number {
  const address = parseIpAddress(host);
  const ipv6 = address.bytes.length === 16;
  const fd = libc.openUdp(ipv6 ? AF_INET6 : AF_INET);
  try {
    if (ipv6) libc.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    libc.setOption(fd, SOL_SOCKET, SO_SNDBUF, BUFFER_BYTES);
    libc.setOption(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES);
    const name = new Uint8Array(NAME_BYTES);
    const nameBytes = writeName(new DataView(name.buffer), 0, address, port);
    libc.bind(fd, name.subarray(0, nameBytes));
    return fd;
  } catch (error) {
    libc.close(fd);
    throw error;
  }
}
