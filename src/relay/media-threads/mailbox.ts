/** Packets on their way to a thread, in memory that both share: to put one in wakes nobody, who makes something looks by itself. */

//  0          4            8          8 + 1 MiB
//  +----------+------------+----------+
//  | read u32 | written u32 | ring …  |   both count bytes since the beginning, modulo 2³²
//  +----------+------------+----------+
//
//  An entry of the ring begins at a multiple of 8, and does not go round its end: what is left there is skipped.
//
//  0          8         12           16
//  +----------+---------+------------+----------
//  | atMs f64 | job u32 | length u32 | packet …
//  +----------+---------+------------+----------
const READ_WORD = 0;
const WRITTEN_WORD = 1;
const RING_OFFSET = 8;
const JOB_OFFSET = 8;
const LENGTH_OFFSET = 12;
const PACKET_OFFSET = 16;
const ALIGNMENT_BYTES = 8;
/** A length that no packet has: the rest of the ring is skipped. */
const SKIPPED = 0xffff_ffff;
/** What a thread may owe: most of a second of forty programmes with three speakers. Older than that is of no use to it. A power of two. */
const RING_BYTES = 1 << 20;

class Ring {
  readonly counts: Int32Array;
  readonly view: DataView;
  readonly bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.counts = new Int32Array(memory, 0, 2);
    this.view = new DataView(memory, RING_OFFSET);
    this.bytes = new Uint8Array(memory, RING_OFFSET);
  }
}

/** The end of the one thread that puts packets in. */
export class Mailbox {
  readonly memory = new SharedArrayBuffer(RING_OFFSET + RING_BYTES);
  readonly #ring = new Ring(this.memory);
  #written = 0;

  /** What was put in since the beginning, in bytes modulo 2³², for `MailReader.read`. */
  get writtenBytes(): number {
    return this.#written;
  }

  /** @param packet copied @param atMs when it came. @returns false when there is no room */
  put(job: number, packet: Uint8Array, atMs: number): boolean {
    const { counts, view, bytes } = this.#ring;
    const entryBytes = aligned(PACKET_OFFSET + packet.length);
    const tailBytes = RING_BYTES - offsetOf(this.#written);
    const skippedBytes = tailBytes < entryBytes ? tailBytes : 0;
    const owedBytes = (this.#written - Atomics.load(counts, READ_WORD)) >>> 0;
    if (owedBytes + skippedBytes + entryBytes > RING_BYTES) return false;
    if (skippedBytes >= PACKET_OFFSET) {
      view.setUint32(offsetOf(this.#written) + LENGTH_OFFSET, SKIPPED);
    }
    const offset = offsetOf(this.#written + skippedBytes);
    view.setFloat64(offset, atMs);
    view.setUint32(offset + JOB_OFFSET, job);
    view.setUint32(offset + LENGTH_OFFSET, packet.length);
    bytes.set(packet, offset + PACKET_OFFSET);
    this.#written = (this.#written + skippedBytes + entryBytes) >>> 0;
    Atomics.store(counts, WRITTEN_WORD, this.#written | 0);
    return true;
  }
}

/** @param packet a view that is overwritten later */
export type EachPacket = (job: number, packet: Uint8Array, atMs: number) => void;

/** The end of the one thread that takes them out. */
export class MailReader {
  readonly #ring: Ring;
  #read = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new Ring(memory);
  }

  /**
   * Takes out what is there, in the order in which it was put in.
   * @param untilBytes no more than was there when `writtenBytes` was that
   */
  read(each: EachPacket, untilBytes: number = Atomics.load(this.#ring.counts, WRITTEN_WORD)): void {
    const { counts, view, bytes } = this.#ring;
    // The difference of two counts that may have gone round.
    while (((untilBytes - this.#read) | 0) > 0) {
      const offset = offsetOf(this.#read);
      const length = RING_BYTES - offset < PACKET_OFFSET ? SKIPPED : view.getUint32(offset + LENGTH_OFFSET);
      const isSkipped = length === SKIPPED;
      const entryBytes = isSkipped ? RING_BYTES - offset : aligned(PACKET_OFFSET + length);
      if (!isSkipped) {
        const start = offset + PACKET_OFFSET;
        each(
          view.getUint32(offset + JOB_OFFSET),
          bytes.subarray(start, start + length),
          view.getFloat64(offset),
        );
      }
      this.#read = (this.#read + entryBytes) >>> 0;
      Atomics.store(counts, READ_WORD, this.#read | 0);
    }
  }
}

function offsetOf(count: number): number {
  return count & (RING_BYTES - 1);
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}
