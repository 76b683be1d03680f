/** What a fan needs of an engine: places for destinations, one loaded message, and a way to send it to some of them. */
import type { MessageLimits } from './packet-queue.ts';

/** The largest message: it bounds the memory of an audience, and a datagram. */
export const MESSAGE_MAX_BYTES = 16_384;

export interface Wire {
  /** What one message may hold; `packets` is 1 where packets cannot be combined, and may become 1. */
  readonly limits: MessageLimits;
  /**
   * Gives a slot to a destination: `slot` is the next one, in ascending order.
   * @throws TypeError when `address` is not an IP address
   */
  place(slot: number, address: string, port: number): void;
  /** What slot `from` holds belongs to slot `to` now. */
  move(from: number, to: number): void;
  /** Takes the packets of the next message, in the order in which they are to arrive, into memory of its own. */
  load(datagrams: readonly Uint8Array[]): void;
  /**
   * Sends the loaded message to `count` slots from `slot` on.
   * @returns how many were sent, at least 1; else −errno: why `slot` was not sent to
   */
  transmit(slot: number, count: number): number;
  /**
   * Sends the packets of the loaded message to one slot one by one, since combined they were refused.
   * @returns how many were sent
   */
  transmitApart(slot: number, errno: number): number;
  /** What another thread has to be given to do `transmit`; undefined where only this one can. */
  job(slot: number, count: number): WireJob | undefined;
}

export interface WireJob {
  /** The address of the first mmsghdr. */
  readonly headers: number;
  readonly slots: number;
}

/** What came of a call, by its errno (sendmmsg(2), udp(7), errno(3) of Linux). */
export type Refusal = 'no-room' | 'again' | 'apart' | 'destination';

const REFUSALS = new Map<number, Refusal>([
  // EINTR, and ECONNREFUSED: word of an earlier datagram; in both cases this one was not looked at.
  [4, 'again'],
  [111, 'again'],
  // EAGAIN, ENOMEM, ENOBUFS.
  [11, 'no-room'],
  [12, 'no-room'],
  [105, 'no-room'],
  // EIO, EINVAL, EMSGSIZE, ENOPROTOOPT: a device, route or MTU that does not take combined packets.
  [5, 'apart'],
  [22, 'apart'],
  [90, 'apart'],
  [92, 'apart'],
]);

/** Whatever is not in the table is the destination's fault: EACCES, EPERM, ENETUNREACH, EHOSTUNREACH, EAFNOSUPPORT … */
export function refusalOf(errno: number): Refusal {
  return REFUSALS.get(errno) ?? 'destination';
}
