/** What one person has heard in a call, oldest first and bounded. */
import type { HeardFrame } from './voice/talker.ts';

export class Hearing {
  readonly #limit: number;
  readonly #end: () => void;
  readonly frames: HeardFrame[] = [];

  /** @param end called when the person stops listening */
  constructor(limit: number, end: () => void) {
    this.#limit = limit;
    this.#end = end;
  }

  add(frame: HeardFrame): void {
    this.frames.push(frame);
    if (this.frames.length > this.#limit) this.frames.shift();
  }

  stop(): void {
    this.#end();
  }
}
