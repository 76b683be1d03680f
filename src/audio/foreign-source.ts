/** Gives the frames of a host whose nonces carry no RTP a place in a stream: one source, in order of arrival (protocol.md §3). */
import { opusSamples } from './opus-packet.ts';
import type { SpeakerPacket } from './speakers.ts';

const SAMPLES_PER_MS = 48;
/** Who is silent for longer than this begins anew, at the time of arrival; less is jitter. */
const PAUSE_SAMPLES = 200 * SAMPLES_PER_MS;

export class ForeignSource {
  readonly ssrc: number;
  #sequence = 0;
  /** Samples of 48 kHz since the first frame. */
  #end = 0;
  #firstMs: number | undefined;

  /** @param ssrc u32 */
  constructor(ssrc: number) {
    this.ssrc = ssrc;
  }

  /** @param opus not copied */
  place(opus: Uint8Array, nowMs: number): SpeakerPacket {
    this.#firstMs ??= nowMs;
    const byArrival = Math.round((nowMs - this.#firstMs) * SAMPLES_PER_MS);
    const start = byArrival - this.#end > PAUSE_SAMPLES ? byArrival : this.#end;
    this.#end = start + opusSamples(opus);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return { ssrc: this.ssrc, sequence: this.#sequence, timestamp: start >>> 0, opus };
  }
}
