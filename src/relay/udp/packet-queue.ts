/** The packets that wait to be sent to one audience: bounded by age and by number, and combined where that is legal. */
import { readRtpMetadata } from '../../protocol/nonce.ts';
import { NONCE_BYTES } from '../../protocol/packet.ts';

/** Three frames of 20 ms: later than that, a listener's jitter buffer has given the packet up. */
export const LATE_MS = 60;
/** `LATE_MS` of twenty speakers, four times over: only a flood gets here. */
export const PENDING_PACKETS_MAX = 256;
/** Combining looks at no more than this many packets, so that a backlog does not cost more each. */
const WINDOW = 32;

export interface PendingPacket {
  readonly datagram: Uint8Array;
  readonly atMs: number;
  /** The speaker, once it matters: packets of one source keep their order. */
  source?: number;
}

/** What one message may hold. */
export interface MessageLimits {
  readonly packets: number;
  readonly bytes: number;
}

export class PacketQueue {
  #pending: PendingPacket[] = [];

  get length(): number {
    return this.#pending.length;
  }

  /** @returns whether there was room */
  push(datagram: Uint8Array, nowMs: number): boolean {
    if (this.#pending.length >= PENDING_PACKETS_MAX) return false;
    this.#pending.push({ datagram, atMs: nowMs });
    return true;
  }

  /** Drops what is late, and returns how many packets that were. */
  dropLate(nowMs: number): number {
    let late = 0;
    while (late < this.#pending.length && isLate(this.#pending[late]?.atMs ?? nowMs, nowMs)) late += 1;
    if (late > 0) this.#pending.splice(0, late);
    return late;
  }

  /** Takes the packets of the next message out, the oldest one among them; none when nothing waits. */
  take(limits: MessageLimits): readonly PendingPacket[] {
    if (this.#pending.length <= 1) {
      const all = this.#pending;
      this.#pending = [];
      return all;
    }
    const group = nextGroup(this.#pending.slice(0, WINDOW), limits);
    this.#pending = this.#pending.filter((packet) => !group.includes(packet));
    return group;
  }

  clear(): void {
    this.#pending = [];
  }
}

export function isLate(atMs: number, nowMs: number): boolean {
  return nowMs - atMs > LATE_MS;
}

/** A datagram starts with its nonce; a foreign sender's packets are one source, in order of arrival. */
function sourceOf(datagram: Uint8Array): number {
  return readRtpMetadata(datagram.subarray(0, NONCE_BYTES))?.ssrc ?? -1;
}

/**
 * The longest message that may be sent next. The kernel cuts a message into datagrams of one size, of which only the
 * last may be smaller, so larger packets go first; the order within each source stays. The oldest packet is always
 * part of it, so that none waits for ever.
 */
export function nextGroup(pending: readonly PendingPacket[], limits: MessageLimits): PendingPacket[] {
  const [oldest] = pending;
  if (!oldest) return [];
  for (const packet of pending) packet.source ??= sourceOf(packet.datagram);
  let best = groupOf(oldest.datagram.length, pending, limits);
  const sizes = new Set(pending.map(({ datagram }) => datagram.length));
  for (const size of sizes) {
    if (size <= oldest.datagram.length) continue;
    const group = groupOf(size, pending, limits, oldest);
    if (group.length > best.length && group.includes(oldest)) best = group;
  }
  return best;
}

/** As many packets of `size` as the order within the sources allows, then one smaller one: `last`, or the largest. */
function groupOf(
  size: number,
  pending: readonly PendingPacket[],
  limits: MessageLimits,
  last?: PendingPacket,
): PendingPacket[] {
  const reserved = last ? 1 : 0;
  const most = Math.max(1, Math.min(limits.packets, Math.floor(limits.bytes / size))) - reserved;
  const group: PendingPacket[] = [];
  /** Sources that have an earlier packet which is not in the group. */
  const passedOver = new Set<number | undefined>();
  let tail = last;
  for (const packet of pending) {
    if (passedOver.has(packet.source)) continue;
    const { length } = packet.datagram;
    if (length === size && group.length < most) {
      group.push(packet);
      continue;
    }
    passedOver.add(packet.source);
    if (!last && length < size && length > (tail?.datagram.length ?? -1)) tail = packet;
  }
  const fits =
    group.length < limits.packets && group.length * size + (tail?.datagram.length ?? 0) <= limits.bytes;
  if (tail && group.length > 0 && fits) group.push(tail);
  return group;
}
