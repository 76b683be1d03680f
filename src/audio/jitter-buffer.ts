/** Puts one speaker's packets in order and in time: every 20 ms it says what to play. Pure. */
import { isSilence, opusDurationMs } from './opus-packet.ts';
import { PacketRing, sequenceStep, type WaitingPacket } from './packet-ring.ts';
import { PlayoutDelay } from './playout-delay.ts';

/** How much time one turn fills. */
const TURN_MS = 20;
const SAMPLES_PER_MS = 48;
/** Half a turn: by less than this, RTP times count as equal. */
const TOLERANCE_MS = TURN_MS / 2;
const MOST_TARGET_MS = 200;
const LONGEST_PACKET_MS = 120;
/** So many turns are concealed before a speaker who just stopped counts as silent. */
const MOST_CONCEALED = 5;
/** The delay may leave the band of one turn above the reserve by this much before it is corrected: else it would swing. */
const SLACK_MS = 1;
const ADJUSTMENT_PERIOD_MS = 1000;
/** Longer than the target by this much, and frames are left out at once rather than merged one by one. */
const EXCESS_MS = 100;
/** A run may begin so much later than it should, rather than lose its first frame. */
const START_EXCESS_MS = 40;
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
/** How fast the measured delay follows: over some 32 turns. */
const SMOOTHING = 1 / 32;

/** A packet as it came; the buffer keeps the array. */
export interface BufferedFrame {
  /** u16, +1 a packet. */
  readonly sequence: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  /** 10, 20, 40, 60 … 120 ms of sound. Anything else is dropped and counted as malformed. */
  readonly opus: Uint8Array;
}

/**
 * What fills one turn of 20 ms.
 *
 * Discord's packets last 20 ms, and then each of these is to be taken as it stands. Foreign hosts may send others:
 * - A `frame` or `next` may last 40, 60 … 120 ms. Play its first 20 ms and keep the rest; the turns that it goes on for come
 *   as `hold`. So a `hold` means: first what is left of the last packet's sound, and concealment only when nothing is.
 * - Packets of 10 ms come two at a time as `merge`. Decode both, one after the other, and bring the sound to 20 ms: with two
 *   packets of 20 ms that is shortening, with two of 10 ms nothing is left to do. A 10 ms packet without its other half
 *   comes as a `frame`: fill up with concealment.
 */
export type Playout =
  | { readonly is: 'frame'; readonly opus: Uint8Array }
  /** Conceal 20 ms. `next` is the packet right after, if it is there already: it may carry the lost one in its FEC. */
  | { readonly is: 'lost'; readonly next: Uint8Array | undefined }
  /** Two packets in the time of one: the sender's clock is faster, or the delay shrinks. */
  | { readonly is: 'merge'; readonly first: Uint8Array; readonly second: Uint8Array }
  /** No packet in this turn: the sender's clock is slower, or the delay grows. */
  | { readonly is: 'hold' }
  /** The speaker is silent, or about to begin. */
  | { readonly is: 'silence' };

const HOLD: Playout = { is: 'hold' };
const SILENT: Playout = { is: 'silence' };

/** What has become of each packet, and of each turn that had none. */
export interface JitterCounts {
  /** Every packet: those played, those waiting, and those dropped for one of the reasons below. */
  readonly received: number;
  readonly played: number;
  /** Dropped: not Opus of 10 ms or of a multiple of 20 ms. */
  readonly malformed: number;
  /** Dropped: came before. */
  readonly duplicate: number;
  /** Dropped: came after its turn. */
  readonly late: number;
  /** Dropped: newer ones have taken its place, after a stall or because the sender began anew. */
  readonly overflow: number;
  /** Dropped by `clear`. */
  readonly cleared: number;
  /** Turns of `lost`. */
  readonly lost: number;
  /** Times the delay shrank by 20 ms. */
  readonly merged: number;
  /** Times the delay grew by 20 ms. */
  readonly held: number;
}

/**
 * Frames are placed by RTP time, so that their distance within a run of speech is exact. When a run begins, its place on the
 * clock of `pull` is set: the fastest recent transit plus the reserve that PlayoutDelay asks for. A run ends with Discord's
 * silence frames, with RTP time that goes on where the sequence has no gap, or 100 ms after packets stopped coming.
 */
export class JitterBuffer {
  readonly #delay: PlayoutDelay;
  readonly #ring = new PacketRing();
  readonly #counts = {
    received: 0,
    played: 0,
    malformed: 0,
    duplicate: 0,
    late: 0,
    overflow: 0,
    cleared: 0,
    lost: 0,
    merged: 0,
    held: 0,
  };
  /** The RTP time of the newest packet, and the same on the time line of `mediaMs`, which goes on beyond 32 bits. */
  #newestTimestamp = 0;
  #newestMediaMs = 0;
  #newestSequence = 0;
  #lastArrivalMs = -Infinity;
  /** Since when nothing has come that was not too late. */
  #lateSinceMs = Infinity;
  /** Within a run of speech. */
  #isPlaying = false;
  /** What of the present sequence numbering has been played yet. */
  #isUnplayed = true;
  #playedSilence = false;
  /** The media time of the next turn. */
  #headMs = 0;
  /** How long the packet that was played last goes on. */
  #restMs = 0;
  /** Turns without a packet since the last one. */
  #concealed = 0;
  /** How long after a packet of the fastest transit its turn is. */
  #delayMs = 0;
  #adjustedMs = -Infinity;

  /** @param options.mostDelayMs the longest target delay */
  constructor({ mostDelayMs = MOST_TARGET_MS }: { readonly mostDelayMs?: number } = {}) {
    this.#delay = new PlayoutDelay(mostDelayMs);
  }

  get counts(): JitterCounts {
    return this.#counts;
  }

  /** Packets that wait; at most 64. */
  get depthFrames(): number {
    return this.#ring.count;
  }

  /** The longest that a frame should be kept after the fastest of its kind would have come, 23 ms at least. */
  get targetDelayMs(): number {
    return this.#delay.targetMs;
  }

  /** Nothing plays, and nothing waits to be played. */
  get isSilent(): boolean {
    return !this.#isPlaying && this.#ring.count === 0 && this.#restMs <= 0;
  }

  /** @param nowMs when the packet came, by the same clock as that of `pull` */
  push(frame: BufferedFrame, nowMs: number): void {
    this.#counts.received += 1;
    const durationMs = opusDurationMs(frame.opus);
    if (!isPlayable(durationMs)) {
      this.#counts.malformed += 1;
      return;
    }
    const mediaMs = this.#place(frame, nowMs);
    if (mediaMs === undefined) return;
    const { sequence, timestamp, opus } = frame;
    this.#lastArrivalMs = nowMs;
    this.#lateSinceMs = Infinity;
    if (mediaMs >= this.#newestMediaMs) {
      this.#newestMediaMs = mediaMs;
      this.#newestTimestamp = timestamp;
      this.#newestSequence = sequence;
    }
    this.#counts.overflow += this.#ring.reach(sequence);
    this.#ring.put({ sequence, mediaMs, durationMs, opus });
  }

  /**
   * @param nowMs the time that this turn is due at, 20 ms after the one before, also if it is asked for late: a process that
   *   was held up and then asks twice must not look like a network that was.
   */
  pull(nowMs: number): Playout {
    if (this.#restMs > 0) {
      this.#restMs -= TURN_MS;
      return HOLD;
    }
    return this.#isPlaying ? this.#play(nowMs) : this.#start(nowMs);
  }

  /** Throws away what waits; the next packet begins a new run. */
  clear(): void {
    this.#counts.cleared += this.#ring.restart(this.#newestSequence + 1);
    this.#isUnplayed = false;
    this.#isPlaying = false;
    this.#restMs = 0;
  }

  /** Measures how a packet came. @returns its media time; undefined if it is of no use, which has been counted */
  #place(frame: BufferedFrame, nowMs: number): number | undefined {
    const { sequence, timestamp } = frame;
    if (this.#lastArrivalMs === -Infinity) return this.#restart(frame, nowMs);
    const mediaMs = this.#newestMediaMs + ((timestamp - this.#newestTimestamp) | 0) / SAMPLES_PER_MS;
    const isBehind = sequenceStep(this.#ring.next, sequence) < 0;
    if (isBehind && !this.#isStraggler(sequence, mediaMs)) return this.#restart(frame, nowMs);
    if (isBehind ? this.#ring.hasSeen(sequence) : this.#ring.get(sequence)) {
      this.#counts.duplicate += 1;
      return undefined;
    }
    const excessMs = nowMs - mediaMs - this.#delay.baseMs;
    if (!this.#isPlaying && this.#ring.count === 0 && !isBehind) {
      const isLongAgo = nowMs - this.#lastArrivalMs > REBASE_AFTER_MS;
      if (isLongAgo || excessMs < -TURN_MS || excessMs > this.#delay.reserveMs + PAUSE_MS) {
        return this.#beginTimeLine(timestamp, nowMs);
      }
    } else if (Math.abs(excessMs) > WILD_MS && !isBehind) return this.#restart(frame, nowMs);
    if (Math.abs(excessMs) <= WILD_MS) this.#delay.observe(nowMs - mediaMs, nowMs);
    const isPast = this.#isPlaying && mediaMs - this.#headMs <= -TOLERANCE_MS;
    const isLate = isBehind ? !this.#reachBack(sequence) : isPast;
    return isLate ? this.#dropLate(frame, nowMs) : mediaMs;
  }

  /** Whether a packet from before the window is an old one that was overtaken, rather than the first of a new numbering. */
  #isStraggler(sequence: number, mediaMs: number): boolean {
    const isNear = sequenceStep(this.#ring.next, sequence) >= -MOST_MISORDER;
    return isNear && mediaMs <= this.#newestMediaMs && mediaMs > this.#newestMediaMs - REBASE_AFTER_MS;
  }

  /** The first packet that came need not be the first of its run. */
  #reachBack(sequence: number): boolean {
    return this.#isUnplayed && this.#ring.reachBack(sequence, this.#newestSequence);
  }

  #dropLate(frame: BufferedFrame, nowMs: number): number | undefined {
    this.#lateSinceMs = Math.min(this.#lateSinceMs, nowMs);
    if (nowMs - this.#lateSinceMs >= ALL_LATE_MS) return this.#restart(frame, nowMs);
    this.#counts.late += 1;
    return undefined;
  }

  /** @returns the media time of the packet that the numbering begins anew with */
  #restart({ sequence, timestamp }: BufferedFrame, nowMs: number): number {
    this.#counts.overflow += this.#ring.restart(sequence);
    this.#isUnplayed = true;
    this.#isPlaying = false;
    this.#restMs = 0;
    return this.#beginTimeLine(timestamp, nowMs);
  }

  #beginTimeLine(timestamp: number, nowMs: number): number {
    this.#newestTimestamp = timestamp;
    this.#newestMediaMs = 0;
    this.#delay.rebase(nowMs);
    return 0;
  }

  #start(nowMs: number): Playout {
    const first = this.#firstToPlay(nowMs);
    if (!first || this.#delayAt(first.mediaMs, nowMs) < this.#delay.reserveMs) return SILENT;
    this.#isPlaying = true;
    this.#playedSilence = false;
    this.#concealed = 0;
    this.#headMs = first.mediaMs;
    this.#delayMs = this.#delayAt(first.mediaMs, nowMs);
    return this.#play(nowMs);
  }

  /** The first of what waits, without what has waited for too long. */
  #firstToPlay(nowMs: number): WaitingPacket | undefined {
    let first = this.#ring.first();
    const normalMs = this.#delay.reserveMs + TURN_MS;
    if (!first || this.#delayAt(first.mediaMs, nowMs) <= normalMs + START_EXCESS_MS) return first;
    while (first && this.#ring.count > 1 && this.#delayAt(first.mediaMs, nowMs) > normalMs) {
      this.#ring.take(first);
      this.#counts.overflow += 1;
      first = this.#ring.first();
    }
    // Even the newest seems to be far too late: then it is not, and the transits before it are no measure for it.
    if (first && this.#delayAt(first.mediaMs, nowMs) > normalMs + START_EXCESS_MS) {
      this.#delay.rebase(this.#lastArrivalMs - this.#newestMediaMs);
    }
    return first;
  }

  /** How long after a packet of the fastest transit it would be played, if that were now. */
  #delayAt(mediaMs: number, nowMs: number): number {
    return nowMs - mediaMs - this.#delay.baseMs;
  }

  #play(nowMs: number): Playout {
    const delayMs = this.#delayAt(this.#headMs, nowMs);
    if (delayMs > this.#delay.mostMs + EXCESS_MS) return this.#startAnew(nowMs);
    this.#delayMs += (delayMs - this.#delayMs) * SMOOTHING;
    const packet = this.#ring.first();
    if (!packet)
      return this.#playedSilence ? this.#startAnew(nowMs) : this.#conceal(MOST_CONCEALED, undefined, nowMs);
    const aheadMs = packet.mediaMs - this.#headMs;
    if (Math.abs(aheadMs) < TOLERANCE_MS) return this.#playNext(packet, nowMs);
    const missing = sequenceStep(this.#ring.next, packet.sequence);
    if (aheadMs < 0 || missing === 0 || this.#playedSilence) return this.#startAnew(nowMs);
    const isNext = aheadMs - TURN_MS < TOLERANCE_MS;
    return this.#conceal(Math.min(missing, MOST_CONCEALED), isNext ? packet.opus : undefined, nowMs);
  }

  /** Ends the run. */
  #startAnew(nowMs: number): Playout {
    this.#isPlaying = false;
    return this.#start(nowMs);
  }

  #conceal(most: number, next: Uint8Array | undefined, nowMs: number): Playout {
    if (this.#concealed >= most) return this.#startAnew(nowMs);
    // Something must be made up anyhow: the moment to grow, and the packet may come yet.
    if (this.#isTooShort()) return this.#hold(nowMs);
    this.#concealed += 1;
    this.#counts.lost += 1;
    this.#headMs += TURN_MS;
    return { is: 'lost', next };
  }

  #playNext(packet: WaitingPacket, nowMs: number): Playout {
    const mayAdjust = nowMs - this.#adjustedMs >= ADJUSTMENT_PERIOD_MS;
    if (mayAdjust && this.#isTooShort()) return this.#hold(nowMs);
    this.#take(packet);
    const follower = this.#ring.get(this.#ring.next);
    if (follower && this.#isPair(packet, follower, mayAdjust)) return this.#playBoth(packet, follower, nowMs);
    return { is: 'frame', opus: packet.opus };
  }

  #isTooShort(): boolean {
    return this.#delayMs < this.#delay.reserveMs - SLACK_MS;
  }

  /** Whether two packets fill one turn: as two of 10 ms do, and two of 20 ms when the delay is too long. */
  #isPair(packet: WaitingPacket, follower: WaitingPacket, mayAdjust: boolean): boolean {
    const { durationMs } = packet;
    const isInLine = Math.abs(follower.mediaMs - packet.mediaMs - durationMs) < 1;
    if (!isInLine || follower.durationMs !== durationMs) return false;
    const isTooLong = this.#delayMs > this.#delay.mostMs + SLACK_MS;
    return durationMs < TURN_MS || (durationMs === TURN_MS && mayAdjust && isTooLong);
  }

  #playBoth(packet: WaitingPacket, follower: WaitingPacket, nowMs: number): Playout {
    this.#take(follower);
    if (packet.durationMs < TURN_MS) this.#headMs = packet.mediaMs + TURN_MS;
    else {
      this.#adjustedMs = nowMs;
      this.#delayMs -= TURN_MS;
      this.#counts.merged += 1;
    }
    return { is: 'merge', first: packet.opus, second: follower.opus };
  }

  #hold(nowMs: number): Playout {
    this.#adjustedMs = nowMs;
    this.#delayMs += TURN_MS;
    this.#counts.held += 1;
    return HOLD;
  }

  #take(packet: WaitingPacket): void {
    this.#ring.take(packet);
    this.#counts.played += 1;
    this.#isUnplayed = false;
    this.#playedSilence = isSilence(packet.opus);
    this.#concealed = 0;
    this.#headMs = packet.mediaMs + Math.max(packet.durationMs, TURN_MS);
    this.#restMs = packet.durationMs - TURN_MS;
  }
}

function isPlayable(durationMs: number): boolean {
  return (
    durationMs === TURN_MS / 2 ||
    (durationMs > 0 && durationMs % TURN_MS === 0 && durationMs <= LONGEST_PACKET_MS)
  );
}
