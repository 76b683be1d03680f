/** The lanes of one socket, and which of them gets the next destination. */
import { type Lane, SendLoop, systemScheduler } from './send-loop.ts';

export class Lanes {
  readonly #own: Lane;

  constructor(nowMs = systemScheduler.nowMs) {
    this.#own = new SendLoop({ ...systemScheduler, nowMs });
  }

  /** The lane of the next destination: one for good, or its packets would overtake each other. */
  choose(): Lane {
    return this.#own;
  }

  close(): Promise<void> {
    return this.#own.close();
  }
}
