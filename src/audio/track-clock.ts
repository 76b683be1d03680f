/** Says where on a recording's time line each frame of one speaker belongs, silences kept in place. Pure. */

/** What of a frame tells time. */
export interface TimedFrame {
  readonly ssrc: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  /** How long it lasts, in samples of 48 kHz. */
  readonly samples: number;
  /** A frame of silence: with it a client ends its speech. */
  readonly isSilence: boolean;
}

const SAMPLES_PER_MS = 48;
/** Timestamps this close to each other are of one run of speech. */
const RUN_SAMPLES = 200 * SAMPLES_PER_MS;
/** After a silence the two clocks differ by jitter; by more, the sender's stood still or was set anew. */
const TOLERANCE_SAMPLES = 400 * SAMPLES_PER_MS;

/**
 * Within a run of speech the RTP timestamp is exact to the sample, however late a stalled network brings the frames. Across
 * a silence some clients let it stand still: there the wall clock is asked, but nothing is put over what is there already.
 */
export class TrackClock {
  readonly #originMs: number;
  /** The frame that is furthest on. */
  #newest: (TimedFrame & { readonly sample: number }) | undefined;

  /** @param originMs when the recording began; all tracks of one recording share it */
  constructor(originMs: number) {
    this.#originMs = originMs;
  }

  /** Samples of 48 kHz since the origin, never negative. */
  sampleAt(nowMs: number): number {
    return Math.max(0, Math.round((nowMs - this.#originMs) * SAMPLES_PER_MS));
  }

  /** @param nowMs when the frame came @returns its place, in samples of 48 kHz since the origin */
  place(frame: TimedFrame, nowMs: number): number {
    const sample = this.#placeOf(frame, this.sampleAt(nowMs));
    if (!this.#newest || sample >= this.#newest.sample) this.#newest = { ...frame, sample };
    return sample;
  }

  #placeOf({ ssrc, timestamp }: TimedFrame, byArrival: number): number {
    const newest = this.#newest;
    if (!newest) return byArrival;
    const afterNewest = Math.max(byArrival, newest.sample + newest.samples);
    if (newest.ssrc !== ssrc) return afterNewest;
    // The signed 32-bit difference: right across the wrap, and for packets that come out of order.
    const step = (timestamp - newest.timestamp) | 0;
    const byRtp = Math.max(0, newest.sample + step);
    const isSameRun = !newest.isSilence && Math.abs(step) <= RUN_SAMPLES;
    return isSameRun || Math.abs(byRtp - byArrival) <= TOLERANCE_SAMPLES ? byRtp : afterNewest;
  }
}
