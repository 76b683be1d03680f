/**
 * One audience on one thread: who gets what next, and what becomes of it. No socket and no clock: a `Wire` sends, the
 * loop that drives a fan brings the time.
 *
 * A message (one packet, or several combined) goes to slot after slot. Only then the next message is made of what has
 * come meanwhile, so that whoever falls behind sends larger messages.
 */
import type { Destination } from './datagram-sender.ts';
import { DestinationList, type PlacedDestination } from './destination-list.ts';
import { isLate, PacketQueue } from './packet-queue.ts';
import type { Tally } from './tally.ts';
import { MESSAGE_MAX_BYTES, refusalOf, type Wire } from './wire.ts';

export class Fan {
  readonly wire: Wire;
  readonly #tally: Tally;
  readonly #list = new DestinationList();
  readonly #queue = new PacketQueue();
  /** Packets in the message under way. */
  #packets = 0;
  #loadedAtMs = 0;
  /** The slot at the cursor has been tried again already. */
  #triedAgain = false;

  constructor(wire: Wire, tally: Tally) {
    this.wire = wire;
    this.#tally = tally;
  }

  get size(): number {
    return this.#list.length;
  }

  /** The next slot to send to, once `prepare` said that there is one. */
  get slot(): number {
    return this.#list.cursor;
  }

  add(address: string, port: number): Destination {
    this.wire.place(this.#list.length, address, port);
    return this.#list.add(address, port);
  }

  has(destination: Destination): destination is PlacedDestination {
    return this.#list.has(destination);
  }

  /** Not while a call to the wire is under way. */
  remove(destination: PlacedDestination): void {
    if (destination.slot === this.#list.cursor) this.#triedAgain = false;
    this.#list.remove(destination, this.#move);
  }

  /** @throws RangeError when the datagram is empty or too large to be one */
  publish(datagram: Uint8Array, nowMs: number): void {
    if (datagram.length === 0 || datagram.length > MESSAGE_MAX_BYTES) {
      throw new RangeError(`A datagram of ${datagram.length} bytes: 1 … ${MESSAGE_MAX_BYTES} can be sent.`);
    }
    if (!this.#queue.push(datagram, nowMs)) this.#tally.queueFull += this.size;
  }

  /** Sees to the message under way, or begins the next. @returns to how many slots it has still to go: 0 for no work */
  prepare(nowMs: number): number {
    if (this.#list.left > 0 && isLate(this.#loadedAtMs, nowMs)) {
      this.#tally.late += this.#packets * this.#list.left;
      this.#list.advance(this.#list.left);
    }
    if (this.#list.left === 0) this.#load(nowMs);
    return this.#list.left;
  }

  /**
   * Takes what `wire.transmit` returned for the slots from the cursor on.
   * @returns false when the system has no room now: try again later
   */
  account(result: number): boolean {
    if (result >= 0) {
      this.#advance(result, result * this.#packets);
      return true;
    }
    const refusal = refusalOf(-result);
    if (refusal === 'no-room') {
      this.#tally.noRoom += 1;
      return false;
    }
    if (refusal === 'again' && !this.#triedAgain) {
      this.#triedAgain = true;
      return true;
    }
    const sent = refusal === 'apart' && this.#packets > 1 ? this.wire.transmitApart(this.slot, -result) : 0;
    this.#tally.badDestination += this.#packets - sent;
    this.#advance(1, sent);
    return true;
  }

  /** Throws away what waits; not while a call to the wire is under way. @returns how many datagrams that were */
  retract(): number {
    const datagrams = this.#packets * this.#list.left + this.#queue.length * this.size;
    this.#advance(this.#list.left, 0);
    this.#queue.clear();
    return datagrams;
  }

  close(): void {
    this.#queue.clear();
    this.#list.clear();
  }

  readonly #move = (from: number, to: number): void => this.wire.move(from, to);

  #advance(slots: number, datagrams: number): void {
    this.#list.advance(slots);
    this.#tally.sent += datagrams;
    this.#triedAgain = false;
  }

  #load(nowMs: number): void {
    this.#tally.late += this.#queue.dropLate(nowMs) * this.size;
    const packets = this.#queue.take(this.wire.limits);
    if (packets.length === 0) return;
    this.wire.load(packets.map(({ datagram }) => datagram));
    this.#packets = packets.length;
    this.#loadedAtMs = packets.reduce((oldest, { atMs }) => Math.min(oldest, atMs), nowMs);
    this.#list.begin();
  }
}
