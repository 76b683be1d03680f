/** Says where on a recording's time line each frame of one speaker belongs, silences kept in place. Pure. */

const SAMPLES_PER_MS = 48;
/** The part of an RTP header that tells time. */
interface RtpTime {
  readonly ssrc: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
}

// A sender's clock and ours differ by jitter; a difference beyond this is a stream that was restarted or stood still.
const TOLERANCE_MS = 400;

/**
 * Within a run of speech the RTP timestamp is exact to the sample; across silences some clients let it stand still.
 * So positions follow RTP, and are set anew by the wall clock when the two disagree by more than jitter explains.
 */
export class TrackClock {
  readonly #originMs: number;
  #anchor: (RtpTime & { readonly sample: number }) | undefined;

  /** @param originMs when the recording began; all tracks of one recording share it */
  constructor(originMs: number) {
    this.#originMs = originMs;
  }

  /**
   * @param rtp of the frame; undefined when its sender gives none, which makes arrival its only clock
   * @param nowMs when it came
   * @returns samples of 48 kHz since the origin, never negative
   */
  sampleOf(rtp: RtpTime | undefined, nowMs: number): number {
    const byArrival = Math.max(0, Math.round((nowMs - this.#originMs) * SAMPLES_PER_MS));
    if (!rtp) return byArrival;
    const byRtp = this.#byRtp(rtp);
    const agree = byRtp !== undefined && Math.abs(byRtp - byArrival) <= TOLERANCE_MS * SAMPLES_PER_MS;
    const sample = agree ? Math.max(0, byRtp) : byArrival;
    this.#anchor = { ssrc: rtp.ssrc, timestamp: rtp.timestamp, sample };
    return sample;
  }

  #byRtp({ ssrc, timestamp }: RtpTime): number | undefined {
    if (this.#anchor?.ssrc !== ssrc) return undefined;
    // The signed 32-bit difference: right across the wrap, and for packets that come out of order.
    return this.#anchor.sample + ((timestamp - this.#anchor.timestamp) | 0);
  }
}
