/** Holds packets of one RTP stream in the order of their sequence numbers. Pure. */

const CAPACITY = 64;
const MASK = CAPACITY - 1;
const HALF_U16 = 0x8000;

/** The signed distance from one u16 sequence number to another, right across the wrap: −32,768 … 32,767. */
export function sequenceStep(from: number, to: number): number {
  return ((to - from + HALF_U16) & 0xffff) - HALF_U16;
}

/** A packet as it waits. */
export interface WaitingPacket {
  readonly sequence: number;
  /** Where it begins on the stream's time line. */
  readonly mediaMs: number;
  readonly durationMs: number;
  readonly opus: Uint8Array;
}

/** A window of 64 sequence numbers, from `next` on; each packet is found in constant time. */
export class PacketRing {
  readonly #slots: (WaitingPacket | undefined)[] = Array.from({ length: CAPACITY }, () => undefined);
  /** The last sequence number that each slot has held, held still or not; −1 for none. */
  readonly #seen = new Int32Array(CAPACITY).fill(-1);
  #next = 0;
  #newest = 0xffff;
  #count = 0;
  /** Nothing of the present numbering has left yet. */
  #isFresh = true;

  /** The first sequence number of the window: all before it have been taken, dropped or given up. */
  get next(): number {
    return this.#next;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether this number was held lately, and is or was taken. */
  hasSeen(sequence: number): boolean {
    return this.#seen[sequence & MASK] === sequence;
  }

  get(sequence: number): WaitingPacket | undefined {
    const packet = this.#slots[sequence & MASK];
    return packet?.sequence === (sequence & 0xffff) ? packet : undefined;
  }

  /** The packet that comes first in the order, whatever is missing before it. */
  first(): WaitingPacket | undefined {
    if (this.#count === 0) return undefined;
    for (let ahead = 0; ahead < CAPACITY; ahead += 1) {
      const packet = this.get(this.#next + ahead);
      if (packet) return packet;
    }
    return undefined;
  }

  /** @param packet its sequence number must lie in the window and be free */
  put(packet: WaitingPacket): void {
    const slot = packet.sequence & MASK;
    this.#slots[slot] = packet;
    this.#seen[slot] = packet.sequence;
    this.#count += 1;
    if (sequenceStep(this.#newest, packet.sequence) > 0) this.#newest = packet.sequence;
  }

  /** Takes this packet out; the window begins behind it. */
  take(packet: WaitingPacket): void {
    this.#slots[packet.sequence & MASK] = undefined;
    this.#count -= 1;
    this.#next = (packet.sequence + 1) & 0xffff;
    this.#isFresh = false;
  }

  /** Drops the oldest until the window reaches as far as this number. @returns how many were dropped */
  reach(sequence: number): number {
    let dropped = 0;
    let first = this.first();
    while (first && sequenceStep(first.sequence, sequence) >= CAPACITY) {
      this.take(first);
      dropped += 1;
      first = this.first();
    }
    if (sequenceStep(this.#next, sequence) >= CAPACITY) this.#next = (sequence - CAPACITY + 1) & 0xffff;
    return dropped;
  }

  /** The first packet that came need not be the first that was sent: begins the window here, while that is possible. */
  reachBack(sequence: number): boolean {
    const isPossible = this.#isFresh && sequenceStep(sequence, this.#newest) < CAPACITY;
    if (isPossible) this.#next = sequence;
    return isPossible;
  }

  /** Drops all that waits; the window begins behind it. @returns how many were dropped */
  clear(): number {
    const dropped = this.restart(this.#newest + 1);
    this.#isFresh = false;
    return dropped;
  }

  /** Drops all that waits, for a numbering that begins here. @returns how many were dropped */
  restart(sequence: number): number {
    const dropped = this.#count;
    this.#slots.fill(undefined);
    this.#seen.fill(-1);
    this.#count = 0;
    this.#next = sequence & 0xffff;
    this.#newest = (sequence - 1) & 0xffff;
    this.#isFresh = true;
    return dropped;
  }
}
