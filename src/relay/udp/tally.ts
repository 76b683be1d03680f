/** The counters of one socket while they are being counted. */
import type { DatagramCounters } from './datagram-sender.ts';

export type Tally = { -readonly [name in keyof DatagramCounters]: number };

export function newTally(): Tally {
  return { sent: 0, late: 0, queueFull: 0, badDestination: 0, noRoom: 0 };
}
