/** Packets of many jobs in one piece of memory, as they go from thread to thread. */

//  0         4                8            12
//  +---------+----------------+------------+----------
//  | job u32 | generation u32 | length u32 | packet …   and so on
//  +---------+----------------+------------+----------
const GENERATION_OFFSET = 4;
const LENGTH_OFFSET = 8;
const PACKET_OFFSET = 12;
const FIRST_BYTES = 4096;

export class PacketRecords {
  /** How many packets are in it. */
  count = 0;
  /** Of what has been written. */
  bytes = 0;
  #buffer = new ArrayBuffer(0);
  #view = new DataView(this.#buffer);

  /** @param packet copied */
  add(job: number, generation: number, packet: Uint8Array): void {
    const offset = this.bytes;
    this.bytes += PACKET_OFFSET + packet.length;
    this.#makeRoom();
    this.#view.setUint32(offset, job);
    this.#view.setUint32(offset + GENERATION_OFFSET, generation);
    this.#view.setUint32(offset + LENGTH_OFFSET, packet.length);
    new Uint8Array(this.#buffer).set(packet, offset + PACKET_OFFSET);
    this.count += 1;
  }

  /** All that was added, to be transferred; it is empty then. */
  take(): ArrayBuffer {
    const taken = this.#buffer.transfer(this.bytes);
    this.#buffer = new ArrayBuffer(0);
    this.#view = new DataView(this.#buffer);
    this.bytes = 0;
    this.count = 0;
    return taken;
  }

  #makeRoom(): void {
    if (this.bytes <= this.#buffer.byteLength) return;
    const room = Math.max(FIRST_BYTES, this.#buffer.byteLength * 2, this.bytes);
    this.#buffer = this.#buffer.transfer(room);
    this.#view = new DataView(this.#buffer);
  }
}

/** @param each gets views into `records`, in the order in which they were added */
export function readPacketRecords(
  records: ArrayBuffer,
  each: (job: number, generation: number, packet: Uint8Array) => void,
): void {
  const view = new DataView(records);
  for (let offset = 0; offset < records.byteLength;) {
    const length = view.getUint32(offset + LENGTH_OFFSET);
    const packet = new Uint8Array(records, offset + PACKET_OFFSET, length);
    each(view.getUint32(offset), view.getUint32(offset + GENERATION_OFFSET), packet);
    offset += PACKET_OFFSET + length;
  }
}
