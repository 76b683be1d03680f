/** Whether a socket really sends what it is given: structs, kernel and network namespace prove it before the first podcast. */
import { randomBytes } from 'node:crypto';
import type { Audience, DatagramSocket } from './datagram-sender.ts';

/** The loopback takes microseconds; on a machine that is busy starting even what is sent here may come late. */
const TRY_MS = 500;
const TRIES = 4;
/** Unequal, so that a wrong cut shows. */
const SIZES = [175, 132] as const;

/**
 * Sends to the socket itself by the path that audio takes.
 * @returns whether combined packets arrive as they were, too
 * @throws Error when not even a single one does
 */
export async function testPath(socket: DatagramSocket, host: string, tryMs = TRY_MS): Promise<boolean> {
  const self = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  if (!(await arrive(socket, self, SIZES.slice(0, 1), tryMs))) {
    throw new Error('what sendmmsg sent to itself did not arrive');
  }
  return arrive(socket, self, SIZES, tryMs);
}

async function arrive(
  socket: DatagramSocket,
  self: string,
  sizes: readonly number[],
  tryMs: number,
): Promise<boolean> {
  const audience = socket.audience();
  audience.add(self, socket.port);
  let arrived = false;
  for (let tries = 0; tries < TRIES && !arrived; tries += 1)
    arrived = await arriveOnce(socket, audience, sizes, tryMs);
  audience.close();
  socket.onDatagram = () => undefined;
  return arrived;
}

async function arriveOnce(
  socket: DatagramSocket,
  audience: Audience,
  sizes: readonly number[],
  tryMs: number,
): Promise<boolean> {
  const expected = sizes.map((size) => randomBytes(size));
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, tryMs, false);
  let next = 0;
  socket.onDatagram = (datagram) => {
    // Strangers may know the port already, and an earlier try may have come late: both are passed over.
    if (!expected[next]?.equals(datagram)) return;
    next += 1;
    if (next === expected.length) resolve(true);
  };
  for (const datagram of expected) audience.publish(datagram);
  const arrived = await promise;
  clearTimeout(timer);
  return arrived;
}
