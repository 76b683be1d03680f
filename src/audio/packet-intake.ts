/** Says of each packet of one RTP stream where it belongs, or why it is of no use. Pure. */
import { opusDurationMs } from './opus-packet.ts';
import { type PacketRing, sequenceStep } from './packet-ring.ts';
import type { PlayoutDelay } from './playout-delay.ts';

const SAMPLES_PER_MS = 48;
const FRAME_MS = 20;
const LONGEST_PACKET_MS = 120;
/** A new run whose first packet took so much longer than the reserve is taken to be on a clock that stood still meanwhile. */
const PAUSE_MS = 40;
/** After so long without a packet the clocks may have parted by 2 ms: transits are measured anew. */
const REBASE_AFTER_MS = 10_000;
/** Off by more than this, a packet belongs to another time line: no network delays so much and keeps on. */
const WILD_MS = 1000;
/** RFC 3550 A.1 takes no packet that is further back for a straggler (MAX_MISORDER). */
const MOST_MISORDER = 100;
/** When everything has seemed to be late for so long, it is the numbering that is new. */
const ALL_LATE_MS = 500;

/** A packet as it came; the buffer keeps the array. */
export interface BufferedFrame {
  /** u16, +1 a packet. */
  readonly sequence: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  /** 10, 20, 40, 60 … 120 ms of sound. Anything else is dropped and counted as malformed. */
  readonly opus: Uint8Array;
}

/** What became of a packet; after `restarted` it waits alone, on a time line that has nothing to do with the one before. */
export type Taken = 'kept' | 'dropped' | 'restarted';

/** Each packet that came, and those dropped, by reason; JitterCounts has their meanings. */
export interface IntakeCounts {
  received: number;
  malformed: number;
  duplicate: number;
  late: number;
  overflow: number;
}

export function noIntakeCounts(): IntakeCounts {
  return { received: 0, malformed: 0, duplicate: 0, late: 0, overflow: 0 };
}

/** Puts packets into the ring, and their transits into the measurement of the delay. */
export class PacketIntake {
  readonly counts: IntakeCounts;
  readonly #ring: PacketRing;
  readonly #delay: PlayoutDelay;
  /** The RTP time of the newest packet, and the same on the time line of `mediaMs`, which goes on beyond 32 bits. */
  #newestTimestamp = 0;
  #newestMediaMs = 0;
  #lastKeptMs = -Infinity;
  /** Since when nothing has come that was not too late. */
  #lateSinceMs = Infinity;

  constructor(ring: PacketRing, delay: PlayoutDelay, counts: IntakeCounts) {
    this.#ring = ring;
    this.#delay = delay;
    this.counts = counts;
  }

  /** @param headMs the media time of what is to be played next; undefined between runs of speech */
  take(frame: BufferedFrame, nowMs: number, headMs: number | undefined): Taken {
    this.counts.received += 1;
    if (!isPlayable(opusDurationMs(frame.opus))) {
      this.counts.malformed += 1;
      return 'dropped';
    }
    if (this.#lastKeptMs === -Infinity) return this.#restart(frame, nowMs);
    // The signed 32-bit difference: right across the wrap, and for packets that come out of order.
    const mediaMs = this.#newestMediaMs + ((frame.timestamp - this.#newestTimestamp) | 0) / SAMPLES_PER_MS;
    const isBehind = sequenceStep(this.#ring.next, frame.sequence) < 0;
    return isBehind ? this.#takeOld(frame, mediaMs, nowMs) : this.#takeNew(frame, mediaMs, nowMs, headMs);
  }

  #takeNew(frame: BufferedFrame, mediaMs: number, nowMs: number, headMs: number | undefined): Taken {
    if (this.#ring.get(frame.sequence)) return this.#dropDuplicate();
    const isFirstOfRun = headMs === undefined && this.#ring.count === 0;
    if (isFirstOfRun && this.#isNewTimeLine(mediaMs, nowMs)) {
      return this.#keep(frame, this.#beginTimeLine(frame.timestamp, nowMs), nowMs);
    }
    if (this.#isWild(mediaMs, nowMs)) return this.#restart(frame, nowMs);
    this.#delay.observe(nowMs - mediaMs, nowMs);
    const isLate = headMs !== undefined && mediaMs - headMs <= -FRAME_MS / 2;
    return isLate ? this.#dropLate(frame, nowMs) : this.#keep(frame, mediaMs, nowMs);
  }

  /** From before the window: it was overtaken, unless it is the first of a new numbering. */
  #takeOld(frame: BufferedFrame, mediaMs: number, nowMs: number): Taken {
    const isNear = sequenceStep(this.#ring.next, frame.sequence) >= -MOST_MISORDER;
    const ageMs = this.#newestMediaMs - mediaMs;
    if (!isNear || ageMs < 0 || ageMs > REBASE_AFTER_MS) return this.#restart(frame, nowMs);
    if (this.#ring.hasSeen(frame.sequence)) return this.#dropDuplicate();
    this.#delay.observe(nowMs - mediaMs, nowMs);
    return this.#ring.reachBack(frame.sequence)
      ? this.#keep(frame, mediaMs, nowMs)
      : this.#dropLate(frame, nowMs);
  }

  #isNewTimeLine(mediaMs: number, nowMs: number): boolean {
    const excessMs = nowMs - mediaMs - this.#delay.baseMs;
    const isLongAgo = nowMs - this.#lastKeptMs > REBASE_AFTER_MS;
    return isLongAgo || excessMs > this.#delay.reserveMs + PAUSE_MS;
  }

  #isWild(mediaMs: number, nowMs: number): boolean {
    return Math.abs(nowMs - mediaMs - this.#delay.baseMs) > WILD_MS;
  }

  #keep({ sequence, timestamp, opus }: BufferedFrame, mediaMs: number, nowMs: number): 'kept' {
    this.#lastKeptMs = nowMs;
    this.#lateSinceMs = Infinity;
    if (mediaMs >= this.#newestMediaMs) {
      this.#newestMediaMs = mediaMs;
      this.#newestTimestamp = timestamp;
    }
    this.counts.overflow += this.#ring.reach(sequence);
    this.#ring.put({ sequence, mediaMs, durationMs: opusDurationMs(opus), opus });
    return 'kept';
  }

  #dropDuplicate(): 'dropped' {
    this.counts.duplicate += 1;
    return 'dropped';
  }

  #dropLate(frame: BufferedFrame, nowMs: number): Taken {
    this.#lateSinceMs = Math.min(this.#lateSinceMs, nowMs);
    if (nowMs - this.#lateSinceMs >= ALL_LATE_MS) return this.#restart(frame, nowMs);
    this.counts.late += 1;
    return 'dropped';
  }

  #restart(frame: BufferedFrame, nowMs: number): 'restarted' {
    this.counts.overflow += this.#ring.restart(frame.sequence);
    this.#keep(frame, this.#beginTimeLine(frame.timestamp, nowMs), nowMs);
    return 'restarted';
  }

  /** @returns the media time of what has just come */
  #beginTimeLine(timestamp: number, nowMs: number): number {
    this.#newestTimestamp = timestamp;
    this.#newestMediaMs = 0;
    this.#delay.rebase(nowMs);
    return 0;
  }
}

function isPlayable(durationMs: number): boolean {
  const isWhole = durationMs > 0 && durationMs % FRAME_MS === 0;
  return durationMs === FRAME_MS / 2 || (isWhole && durationMs <= LONGEST_PACKET_MS);
}
