/** Puts one speaker's packets in order and in time: every 20 ms it says what to play. Pure. */
import { isSilence } from './opus-packet.ts';
import { type BufferedFrame, type IntakeCounts, PacketIntake, noIntakeCounts } from './packet-intake.ts';
import { PacketRing, sequenceStep, type WaitingPacket } from './packet-ring.ts';
import { PlayoutDelay } from './playout-delay.ts';

export type { BufferedFrame } from './packet-intake.ts';

/** How much time one turn fills. */
const TURN_MS = 20;
/** Half a turn: by less than this, RTP times count as equal. */
const TOLERANCE_MS = TURN_MS / 2;
const MOST_TARGET_MS = 200;
/** So many turns are concealed before a speaker who just stopped counts as silent. */
const MOST_CONCEALED = 5;
/** The delay may leave the band of one turn above the reserve by this much before it is corrected: else it would swing. */
const SLACK_MS = 1;
/** From the beginning of a run, or from one correction to the next. */
const ADJUSTMENT_PERIOD_MS = 1000;
/** Transits that fell by this much tell of a stall that is over: the run is set anew, rather than merged frame by frame. */
const STALL_MS = 100;
/** A run may begin so much later than it should, rather than lose its first frame. */
const START_EXCESS_MS = 40;
/** How fast the measured delay follows: over some 32 turns. */
const SMOOTHING = 1 / 32;

/**
 * What fills one turn of 20 ms.
 *
 * Discord's packets last 20 ms, and then each of these is to be taken as it stands. Foreign hosts may send others:
 * - A `frame` or `next` may last 40, 60 … 120 ms. Play its first 20 ms and keep the rest; the turns that it goes on for come
 *   as `hold`. So a `hold` means: first what is left of the last packet's sound, and concealment only when nothing is.
 *   Anything but a `hold` means that what is left is no longer wanted.
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
  readonly #intake: PacketIntake;
  readonly #counts = { played: 0, cleared: 0, lost: 0, merged: 0, held: 0 };
  /** Within a run of speech. */
  #isPlaying = false;
  #playedSilence = false;
  /** The media time of the next turn. */
  #headMs = 0;
  #lastDurationMs = 0;
  /** How long the packet that was played last goes on. */
  #restMs = 0;
  /** Turns without a packet since the last one. */
  #concealed = 0;
  /** How long after a packet of the fastest transit its turn is. */
  #delayMs = 0;
  /** When it was set or corrected last, and what the transit of the fastest was then. */
  #setMs = 0;
  #setBaseMs = 0;

  /** @param intakeCounts where packets are counted; several buffers may share it */
  constructor(intakeCounts: IntakeCounts = noIntakeCounts()) {
    this.#delay = new PlayoutDelay(MOST_TARGET_MS);
    this.#intake = new PacketIntake(this.#ring, this.#delay, intakeCounts);
  }

  /** As they are now. */
  get counts(): JitterCounts {
    return { ...this.#intake.counts, ...this.#counts };
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
    const headMs = this.#isPlaying ? this.#headMs : undefined;
    if (this.#intake.take(frame, nowMs, headMs) === 'restarted') this.#endRun();
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
    this.#counts.cleared += this.#ring.clear();
    this.#endRun();
  }

  #endRun(): void {
    this.#isPlaying = false;
    this.#restMs = 0;
  }

  #start(nowMs: number): Playout {
    const first = this.#firstToPlay(nowMs);
    if (!first || this.#delayAt(first.mediaMs, nowMs) < this.#delay.reserveMs) return SILENT;
    this.#isPlaying = true;
    this.#headMs = first.mediaMs;
    this.#setDelay(this.#delayAt(first.mediaMs, nowMs), nowMs);
    return this.#playNext(first, nowMs);
  }

  /** The first of what waits, without what has waited for too long. */
  #firstToPlay(nowMs: number): WaitingPacket | undefined {
    let first = this.#ring.first();
    const normalMs = this.#delay.reserveMs + TURN_MS;
    if (!first || this.#delayAt(first.mediaMs, nowMs) <= normalMs + START_EXCESS_MS) return first;
    while (first && this.#ring.count > 1 && this.#delayAt(first.mediaMs, nowMs) > normalMs) {
      this.#ring.take(first);
      this.#intake.counts.overflow += 1;
      first = this.#ring.first();
    }
    return first;
  }

  /** How long after a packet of the fastest transit it would be played, if that were now. */
  #delayAt(mediaMs: number, nowMs: number): number {
    return nowMs - mediaMs - this.#delay.baseMs;
  }

  #play(nowMs: number): Playout {
    if (this.#setBaseMs - this.#delay.baseMs > STALL_MS) return this.#startAnew(nowMs);
    this.#delayMs += (this.#delayAt(this.#headMs, nowMs) - this.#delayMs) * SMOOTHING;
    const packet = this.#ring.first();
    if (!packet) return this.#conceal(this.#playedSilence ? 0 : MOST_CONCEALED, undefined, nowMs);
    const aheadMs = packet.mediaMs - this.#headMs;
    if (Math.abs(aheadMs) < TOLERANCE_MS) return this.#playNext(packet, nowMs);
    // None, where RTP time goes on and the sequence has no gap: that is a pause.
    const missing = sequenceStep(this.#ring.next, packet.sequence);
    if (aheadMs < 0 || this.#playedSilence) return this.#startAnew(nowMs);
    const missingTurns = Math.ceil((missing * this.#lastDurationMs) / TURN_MS);
    const isNext = aheadMs - TURN_MS < TOLERANCE_MS;
    return this.#conceal(Math.min(missingTurns, MOST_CONCEALED), isNext ? packet.opus : undefined, nowMs);
  }

  #startAnew(nowMs: number): Playout {
    this.#endRun();
    return this.#start(nowMs);
  }

  /** @param most turns in a row without a packet; then the run is over */
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
    const mayAdjust = nowMs - this.#setMs >= ADJUSTMENT_PERIOD_MS;
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
      this.#setDelay(this.#delayMs - TURN_MS, nowMs);
      this.#counts.merged += 1;
    }
    return { is: 'merge', first: packet.opus, second: follower.opus };
  }

  #hold(nowMs: number): Playout {
    this.#setDelay(this.#delayMs + TURN_MS, nowMs);
    this.#counts.held += 1;
    return HOLD;
  }

  #setDelay(delayMs: number, nowMs: number): void {
    this.#delayMs = delayMs;
    this.#setMs = nowMs;
    this.#setBaseMs = this.#delay.baseMs;
  }

  #take(packet: WaitingPacket): void {
    this.#ring.take(packet);
    this.#counts.played += 1;
    this.#playedSilence = isSilence(packet.opus);
    this.#concealed = 0;
    this.#headMs = packet.mediaMs + Math.max(packet.durationMs, TURN_MS);
    this.#lastDurationMs = packet.durationMs;
    this.#restMs = packet.durationMs - TURN_MS;
  }
}
