/**
 * A wire to many destinations by sendmmsg(2). Each slot's mmsghdr and sockaddr are written when a destination comes or
 * moves, so that a message costs nothing per slot but the kernel's work. All headers share one iovec and one payload;
 * combined packets lie end to end in it and are cut by UDP_SEGMENT (GSO).
 */
import { mapToIpv6, parseIpAddress } from './ip-address.ts';
import type { SendCalls } from './libc.ts';
import type { MessageLimits } from './packet-queue.ts';
import * as structs from './socket-structs.ts';
import { MESSAGE_MAX_BYTES, type Wire, type WireJob } from './wire.ts';

/** The kernel's own limit was 64 for long (UDP_MAX_SEGMENTS). */
const SEGMENTS_MAX = 32;
/** A device that cannot checksum what it would have to cut: it will not learn it. */
const EIO = 5;

//  payload   0     16        64
//            +-----+---------+------------------------------+
//            | iov | cmsghdr | packets, end to end          |
//            +-----+---------+------------------------------+
const PAYLOAD_CONTROL = structs.IOV_BYTES;
const PAYLOAD_PACKETS = 64;

/** What all wires of one socket know about it. */
export interface SendPath {
  readonly calls: SendCalls;
  /** A dual-stack socket: it takes IPv4 destinations as mapped addresses. */
  readonly ipv6: boolean;
  /** False where the kernel does not combine packets, and once a device has turned out not to. */
  combines: boolean;
}

export class SendmmsgWire implements Wire {
  readonly #path: SendPath;
  readonly #chunkSlots: number;
  readonly #chunks: Chunk[] = [];
  readonly #payload = new ArrayBuffer(PAYLOAD_PACKETS + MESSAGE_MAX_BYTES);
  readonly #payloadView = new DataView(this.#payload);
  readonly #payloadBytes = new Uint8Array(this.#payload, PAYLOAD_PACKETS);
  readonly #payloadAddress: number;
  #segmentLengths: readonly number[] = [];

  /** @param chunkSlots how many destinations one system call may serve */
  constructor(path: SendPath, chunkSlots: number) {
    this.#path = path;
    this.#chunkSlots = chunkSlots;
    this.#payloadAddress = path.calls.addressOf(this.#payload);
    this.#pointAt(0);
  }

  get limits(): MessageLimits {
    return { packets: this.#path.combines ? SEGMENTS_MAX : 1, bytes: MESSAGE_MAX_BYTES };
  }

  place(slot: number, address: string, port: number): void {
    const parsed = parseIpAddress(address);
    const isMapped = this.#path.ipv6 && parsed.bytes.length === 4;
    const ip = isMapped ? { ...parsed, bytes: mapToIpv6(parsed.bytes) } : parsed;
    if (slot === this.#chunks.length * this.#chunkSlots) this.#addChunk();
    this.#chunkOf(slot).place(slot % this.#chunkSlots, ip, port);
  }

  move(from: number, to: number): void {
    this.#chunkOf(to).copy(this.#chunkOf(from), from % this.#chunkSlots, to % this.#chunkSlots);
  }

  load(datagrams: readonly Uint8Array[]): void {
    let offset = 0;
    for (const datagram of datagrams) {
      this.#payloadBytes.set(datagram, offset);
      offset += datagram.length;
    }
    structs.writeIovLength(this.#payloadView, 0, offset);
    this.#segmentLengths = datagrams.map(({ length }) => length);
    const [segment = 0] = this.#segmentLengths;
    if (datagrams.length > 1) structs.writeSegmentControl(this.#payloadView, PAYLOAD_CONTROL, segment);
  }

  transmit(slot: number, count: number): number {
    const { headers, slots } = this.job(slot, count);
    return this.#path.calls.sendmmsg(headers, slots);
  }

  job(slot: number, count: number): WireJob {
    const chunk = this.#chunkOf(slot);
    const index = slot % this.#chunkSlots;
    chunk.setControlBytes(this.#segmentLengths.length > 1 ? structs.SEGMENT_CONTROL_BYTES : 0);
    return { headers: chunk.headerAddress(index), slots: Math.min(count, this.#chunkSlots - index) };
  }

  transmitApart(slot: number, errno: number): number {
    if (errno === EIO) this.#path.combines = false;
    const chunk = this.#chunkOf(slot);
    chunk.setControlBytes(0);
    let sent = 0;
    let offset = 0;
    for (const length of this.#segmentLengths) {
      this.#pointAt(offset);
      structs.writeIovLength(this.#payloadView, 0, length);
      if (this.#path.calls.sendmmsg(chunk.headerAddress(slot % this.#chunkSlots), 1) === 1) sent += 1;
      offset += length;
    }
    this.#pointAt(0);
    structs.writeIovLength(this.#payloadView, 0, offset);
    return sent;
  }

  #pointAt(offset: number): void {
    structs.writeIovBase(this.#payloadView, 0, this.#payloadAddress + PAYLOAD_PACKETS + offset);
  }

  #addChunk(): void {
    const iov = this.#payloadAddress;
    const control = this.#payloadAddress + PAYLOAD_CONTROL;
    this.#chunks.push(new Chunk(this.#path.calls, this.#chunkSlots, { iov, control }));
  }

  #chunkOf(slot: number): Chunk {
    const chunk = this.#chunks[Math.floor(slot / this.#chunkSlots)];
    if (!chunk) throw new RangeError(`Slot ${slot} of ${this.#chunks.length * this.#chunkSlots}.`);
    return chunk;
  }
}

/** The headers of some slots, then their names, in one piece of memory. */
class Chunk {
  readonly #slots: number;
  readonly #memory: ArrayBuffer;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #address: number;
  #controlBytes = 0;

  constructor(calls: SendCalls, slots: number, shared: { readonly iov: number; readonly control: number }) {
    this.#slots = slots;
    this.#memory = new ArrayBuffer(slots * (structs.HEADER_BYTES + structs.NAME_BYTES));
    this.#view = new DataView(this.#memory);
    this.#bytes = new Uint8Array(this.#memory);
    this.#address = calls.addressOf(this.#memory);
    for (let index = 0; index < slots; index += 1) {
      const name = this.#address + this.#nameOffset(index);
      structs.writeHeader(this.#view, index * structs.HEADER_BYTES, { ...shared, name });
    }
  }

  headerAddress(index: number): number {
    return this.#address + index * structs.HEADER_BYTES;
  }

  place(index: number, ip: Parameters<typeof structs.writeName>[2], port: number): void {
    const bytes = structs.writeName(this.#view, this.#nameOffset(index), ip, port);
    structs.writeNameBytes(this.#view, index * structs.HEADER_BYTES, bytes);
  }

  copy(source: Chunk, from: number, to: number): void {
    const offset = source.#nameOffset(from);
    this.#bytes.set(source.#bytes.subarray(offset, offset + structs.NAME_BYTES), this.#nameOffset(to));
    const nameBytes = structs.readNameBytes(source.#view, from * structs.HEADER_BYTES);
    structs.writeNameBytes(this.#view, to * structs.HEADER_BYTES, nameBytes);
  }

  /** Does something only when a combined message follows a single packet, or the other way round. */
  setControlBytes(bytes: number): void {
    if (this.#controlBytes === bytes) return;
    this.#controlBytes = bytes;
    for (let index = 0; index < this.#slots; index += 1) {
      structs.writeControlBytes(this.#view, index * structs.HEADER_BYTES, bytes);
    }
  }

  #nameOffset(index: number): number {
    return this.#slots * structs.HEADER_BYTES + index * structs.NAME_BYTES;
  }
}
