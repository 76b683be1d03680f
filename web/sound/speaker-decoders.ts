/** A decoder for each who speaks, as many as are heard at once. */
import { opusSamples } from '../../src/audio/opus-packet.ts';
import { HEARD_SPEAKERS } from '../../src/audio/speakers.ts';
import { sequenceStep } from '../../src/audio/packet-ring.ts';
import type { DecodedPacket, ReceivedPacket } from './decoded-packet.ts';

/** Who has sent nothing for so long has no decoder any more … */
const IDLE_MS = 5000;
/** … or, where another needs one, for so long. */
const YIELD_MS = 200;
/** Packets that wait in one decoder; more, and it is too slow to be of use. */
const MOST_QUEUED = 50;
const SAMPLES_MOST = 5760;
/** A packet that was overtaken by more than this is left out. */
const REMEMBERED_PACKETS = 8;
/** So many packets tell a decoder what it has to know of what went before. */
const WARM_UP_PACKETS = 2;

export interface PacketDecoder {
  /** Packets that went in and have not come out. */
  readonly queued: number;
  /** @param isHeard whether its sound is wanted: if not, it only tells the decoder what went before others */
  decode(packet: ReceivedPacket, isHeard: boolean): void;
  /** Nothing more comes out. */
  close(): void;
}

/** Makes a decoder that knows nothing yet. @param onFailed it is of no use any more */
export type MakeDecoder = (onDecoded: (packet: DecodedPacket) => void, onFailed: () => void) => PacketDecoder;

/** Packets that were not decoded, by reason. */
export interface DroppedPackets {
  /** So many others speak. */
  displaced: number;
  /** Not Opus. */
  malformed: number;
  /** The decoder was behind. */
  overflow: number;
  /** The decoder broke. */
  failed: number;
}

interface Seat {
  readonly decoder: PacketDecoder;
  usedMs: number;
  /** The last packets, in the order of their sequence. */
  recent: readonly ReceivedPacket[];
}

export class SpeakerDecoders {
  readonly dropped: DroppedPackets = { displaced: 0, malformed: 0, overflow: 0, failed: 0 };
  readonly #make: MakeDecoder;
  readonly #onDecoded: (packet: DecodedPacket) => void;
  readonly #seats = new Map<number, Seat>();

  constructor(make: MakeDecoder, onDecoded: (packet: DecodedPacket) => void) {
    this.#make = make;
    this.#onDecoded = onDecoded;
  }

  /** Of those who speak, or did lately. */
  get count(): number {
    return this.#seats.size;
  }

  decode(packet: ReceivedPacket, nowMs: number): void {
    const samples = opusSamples(packet.opus);
    if (samples === 0 || samples > SAMPLES_MOST) {
      this.dropped.malformed += 1;
      return;
    }
    this.#leaveBehind(packet.ssrc);
    const seat = this.#seats.get(packet.ssrc) ?? this.#take(packet.ssrc, nowMs);
    if (!seat) {
      this.dropped.displaced += 1;
      return;
    }
    seat.usedMs = nowMs;
    this.#decodeInTurn(seat, packet);
  }

  /** A decoder that is far behind, or takes packets and gives nothing, is left for a new one. */
  #leaveBehind(ssrc: number): void {
    const queued = this.#seats.get(ssrc)?.decoder.queued ?? 0;
    if (queued < MOST_QUEUED) return;
    this.dropped.overflow += queued;
    this.retract(ssrc);
  }

  /**
   * A packet depends on those before it. For one that was overtaken the decoder goes back: that packet and those which were
   * decoded without it come out in their order, the latter once more.
   */
  #decodeInTurn(seat: Seat, packet: ReceivedPacket): void {
    const isBefore = ({ sequence }: ReceivedPacket): boolean => sequenceStep(sequence, packet.sequence) > 0;
    const newest = seat.recent.at(-1);
    const step = newest ? sequenceStep(newest.sequence, packet.sequence) : 1;
    if (step > 0 || step < -REMEMBERED_PACKETS) {
      seat.recent = [...(step > 0 ? seat.recent : []), packet].slice(-REMEMBERED_PACKETS);
      seat.decoder.decode(packet, true);
      return;
    }
    if (seat.recent.some(({ sequence }) => sequence === packet.sequence)) return;
    const before = seat.recent.filter(isBefore);
    const after = [packet, ...seat.recent.filter((other) => !isBefore(other))];
    for (const known of before.slice(-WARM_UP_PACKETS)) seat.decoder.decode(known, false);
    for (const late of after) seat.decoder.decode(late, true);
    seat.recent = [...before, ...after].slice(-REMEMBERED_PACKETS);
  }

  /** What waits in this speaker's decoder never comes out. */
  retract(ssrc: number): void {
    this.#seats.get(ssrc)?.decoder.close();
    this.#seats.delete(ssrc);
  }

  /** To be called every now and then. */
  closeIdle(nowMs: number): void {
    for (const [ssrc, { usedMs }] of this.#seats) if (nowMs - usedMs > IDLE_MS) this.retract(ssrc);
  }

  closeAll(): void {
    for (const ssrc of this.#seats.keys()) this.retract(ssrc);
  }

  #take(ssrc: number, nowMs: number): Seat | undefined {
    if (this.#seats.size >= HEARD_SPEAKERS && !this.#makeRoom(nowMs)) return undefined;
    const seat: Seat = {
      usedMs: nowMs,
      recent: [],
      decoder: this.#make(this.#onDecoded, () => {
        this.dropped.failed += 1;
        if (this.#seats.get(ssrc) === seat) this.retract(ssrc);
      }),
    };
    this.#seats.set(ssrc, seat);
    return seat;
  }

  #makeRoom(nowMs: number): boolean {
    let idlest: [number, Seat] | undefined;
    for (const entry of this.#seats) if (!idlest || entry[1].usedMs < idlest[1].usedMs) idlest = entry;
    if (!idlest || nowMs - idlest[1].usedMs < YIELD_MS) return false;
    this.retract(idlest[0]);
    return true;
  }
}
