/** The simplest engine there is: passes the newest frame on, and silence while there is none. */
import { SILENCE } from '../../audio/opus-packet.ts';
import type { ProgrammeEngine, SpeakerFrame } from './programme-engine.ts';

export class LatestFrame implements ProgrammeEngine {
  #newest: SpeakerFrame | undefined;

  receive(frame: SpeakerFrame): void {
    this.#newest = frame;
  }

  retract(ssrc: number): void {
    if (this.#newest?.ssrc === ssrc) this.#newest = undefined;
  }

  tick(): Uint8Array {
    const opus = this.#newest?.opus ?? SILENCE;
    this.#newest = undefined;
    return opus;
  }

  close(): void {
    this.#newest = undefined;
  }
}
