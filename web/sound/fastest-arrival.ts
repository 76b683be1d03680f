/** Says when a packet would have come had it come as fast as the fastest: what a busy network or browser kept it for counts as delay. Pure. */

const SAMPLES_PER_MS = 48;
/** The fastest is looked for among so many packets of a speaker: 5 to 10 s. */
const WINDOW_PACKETS = 250;
/** No packet that is played was kept for longer: it is on another time line. */
const MOST_EXCESS_MS = 300;
/** Speakers that are remembered. */
const MOST_SPEAKERS = 64;

interface Transits {
  /** Of this window and the one before: the least that arrival was later than RTP time. */
  leastMs: number;
  leastBeforeMs: number;
  packets: number;
}

export class FastestArrival {
  readonly #transits = new Map<number, Transits>();

  /** @param timestamp u32, ticks of 48 kHz @returns `arrivedMs`, or less */
  of(ssrc: number, timestamp: number, arrivedMs: number): number {
    const transitMs = arrivedMs - timestamp / SAMPLES_PER_MS;
    const known = this.#transits.get(ssrc);
    const leastMs = Math.min(known?.leastMs ?? Infinity, known?.leastBeforeMs ?? Infinity);
    if (!known || Math.abs(transitMs - leastMs) > MOST_EXCESS_MS)
      return this.#begin(ssrc, transitMs, arrivedMs);
    known.leastMs = Math.min(known.leastMs, transitMs);
    known.packets += 1;
    if (known.packets === WINDOW_PACKETS) {
      known.leastBeforeMs = known.leastMs;
      known.leastMs = Infinity;
      known.packets = 0;
    }
    return arrivedMs - Math.max(0, transitMs - leastMs);
  }

  #begin(ssrc: number, transitMs: number, arrivedMs: number): number {
    if (this.#transits.size >= MOST_SPEAKERS) this.#transits.clear();
    this.#transits.set(ssrc, { leastMs: transitMs, leastBeforeMs: Infinity, packets: 0 });
    return arrivedMs;
  }
}
