/** What one person has heard in a call, oldest first and bounded. */
import type { Ear, HeardFrame, SpeakingNotice } from './voice/talker.ts';

export class Hearing implements Ear {
  readonly #limit: number;
  readonly #end: () => void;
  /** Every frame that came, decrypted, through every change of keys and channels. */
  readonly frames: HeardFrame[] = [];
  /** Every announcement (op 5) that somebody speaks or has finished. */
  readonly speaking: SpeakingNotice[] = [];

  /** @param end called when the person stops listening */
  constructor(limit: number, end: () => void) {
    this.#limit = limit;
    this.#end = end;
  }

  hear(frame: HeardFrame): void {
    this.frames.push(frame);
    if (this.frames.length > this.#limit) this.frames.shift();
  }

  notice(notice: SpeakingNotice): void {
    this.speaking.push(notice);
    if (this.speaking.length > this.#limit) this.speaking.shift();
  }

  stop(): void {
    this.#end();
  }
}
