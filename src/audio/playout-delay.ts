/** Measures one RTP stream's network, and says how long its frames must wait to be there in their turn. Pure. */

const FRAME_MS = 20;
/** The share of packets that may come too late. NetEq of WebRTC allows 3 % (its quantile is 0.97). */
const LATE_SHARE = 0.02;
/** A delay that so few packets need is not shortened: between the two shares the estimate may waver without effect. */
const GENEROUS_LATE_SHARE = 0.01;
/** Packets looked back upon: 10 s of speech. */
const WINDOW_PACKETS = 500;
/** Packets after which the lowest transit of half a look-back is forgotten: 2 s of speech, in which clocks part by 0.4 ms. */
const FLOOR_PACKETS = 100;
/** Packets before which the start's guess counts as well: 1 s of speech. */
const LEARNING_PACKETS = 50;
/** The reserve a stream begins with: nobody knows its network yet, and its first words should be whole. */
const START_RESERVE_MS = 40;
/** Kept even on a perfect network, so that a clock that falls behind is noticed before a frame is missed. */
const LEAST_RESERVE_MS = 3;
/** One bin a millisecond; the last takes all that is more. */
const BINS = 256;

/** The least excess that no more than a share of the packets in a histogram are above. */
class Percentile {
  ms = 0;
  readonly #packetsOfExcess: Readonly<Uint16Array>;
  readonly #shareAbove: number;
  #packetsAbove = 0;

  constructor(packetsOfExcess: Readonly<Uint16Array>, shareAbove: number) {
    this.#packetsOfExcess = packetsOfExcess;
    this.#shareAbove = shareAbove;
  }

  /** The histogram has changed there by one. */
  change(excessMs: number, by: 1 | -1): void {
    if (excessMs > this.ms) this.#packetsAbove += by;
  }

  /** Moves on after a change. @param packets how many the histogram has */
  settle(packets: number): void {
    const allowed = Math.floor(packets * this.#shareAbove);
    while (this.#packetsAbove > allowed) {
      this.ms += 1;
      this.#packetsAbove -= this.#packetsHere;
    }
    while (this.ms > 0 && this.#packetsAbove + this.#packetsHere <= allowed) {
      this.#packetsAbove += this.#packetsHere;
      this.ms -= 1;
    }
  }

  get #packetsHere(): number {
    return this.#packetsOfExcess[this.ms] ?? 0;
  }
}

/**
 * Transit is arrival time less RTP time, in ms: it has an unknown constant in it, so what counts is how much more a packet
 * took than the fastest of the last seconds. Of this excess it keeps an exact histogram of the last 500 packets, and the
 * reserve is its 98th percentile. A percentile is what is wanted (so many packets may be late), it needs no assumption about
 * the shape of the jitter, as a multiple of RFC 3550's mean deviation does, and a lone spike does not move it. Cost: O(1)
 * a packet, since the percentiles are carried along.
 */
export class PlayoutDelay {
  readonly #mostReserveMs: number;
  readonly #excesses = new Uint8Array(WINDOW_PACKETS);
  readonly #packetsOfExcess = new Uint16Array(BINS);
  readonly #percentile = new Percentile(this.#packetsOfExcess, LATE_SHARE);
  readonly #generousPercentile = new Percentile(this.#packetsOfExcess, GENEROUS_LATE_SHARE);
  #at = 0;
  #packets = 0;
  #lowest = Infinity;
  #lowestBefore = Infinity;
  #packetsOfLowest = 0;
  #outlierMs = -Infinity;

  /** @param mostMs the target delay is never longer */
  constructor(mostMs: number) {
    this.#mostReserveMs = Math.max(LEAST_RESERVE_MS, mostMs - FRAME_MS);
  }

  /** The transit of the fastest of the last 2 to 4 s of speech; Infinity before the first packet. */
  get baseMs(): number {
    return Math.min(this.#lowest, this.#lowestBefore);
  }

  /** How long after a packet of `baseMs` would come its turn should be, at least. */
  get reserveMs(): number {
    return this.#bounded(this.#percentile.ms);
  }

  /** The longest that this should be: turns are 20 ms apart. */
  get targetMs(): number {
    return this.reserveMs + FRAME_MS;
  }

  /** Above this, the delay is too long. */
  get mostMs(): number {
    return this.#bounded(this.#generousPercentile.ms) + FRAME_MS;
  }

  /** A packet came, on time or late. @param nowMs when */
  observe(transitMs: number, nowMs: number): void {
    this.#lowest = Math.min(this.#lowest, transitMs);
    const excessMs = transitMs - this.baseMs;
    if (this.#isTelling(excessMs, nowMs)) this.#count(Math.min(BINS - 1, Math.floor(excessMs)));
    this.#packetsOfLowest += 1;
    if (this.#packetsOfLowest < FLOOR_PACKETS) return;
    this.#lowestBefore = this.#lowest;
    this.#lowest = Infinity;
    this.#packetsOfLowest = 0;
  }

  /** A packet came on a new time line, to which earlier transits do not compare; what is known of the jitter stays. */
  rebase(transitMs: number): void {
    this.#lowest = transitMs;
    this.#lowestBefore = Infinity;
    this.#packetsOfLowest = 0;
  }

  /** A stall makes many packets late, which then come at once, but it is one event: it counts once in 20 ms. */
  #isTelling(excessMs: number, nowMs: number): boolean {
    if (excessMs <= this.targetMs) return true;
    if (nowMs - this.#outlierMs < FRAME_MS) return false;
    this.#outlierMs = nowMs;
    return true;
  }

  #bounded(ms: number): number {
    const guessMs = this.#packets < LEARNING_PACKETS ? START_RESERVE_MS : LEAST_RESERVE_MS;
    return Math.min(Math.max(guessMs, ms + 1), this.#mostReserveMs);
  }

  #count(excessMs: number): void {
    if (this.#packets === WINDOW_PACKETS) this.#change(this.#excesses[this.#at] ?? 0, -1);
    else this.#packets += 1;
    this.#excesses[this.#at] = excessMs;
    this.#at = (this.#at + 1) % WINDOW_PACKETS;
    this.#change(excessMs, 1);
    this.#percentile.settle(this.#packets);
    this.#generousPercentile.settle(this.#packets);
  }

  #change(excessMs: number, by: 1 | -1): void {
    this.#packetsOfExcess[excessMs] = (this.#packetsOfExcess[excessMs] ?? 0) + by;
    this.#percentile.change(excessMs, by);
    this.#generousPercentile.change(excessMs, by);
  }
}
