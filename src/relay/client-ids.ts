/** Draws the ids of connections: random, below 2³¹, and no two alike at one time (protocol.md, u32 ids). */
import { randomInt } from 'node:crypto';

const ID_LIMIT = 2 ** 31;

export class ClientIds {
  readonly #live = new Set<number>();
  readonly #draw: () => number;

  /** @param draw a whole number, 1 … 2³¹−1 */
  constructor(draw: () => number = () => randomInt(1, ID_LIMIT)) {
    this.#draw = draw;
  }

  /** An id that no live connection has; it is taken until `release`. */
  take(): number {
    for (;;) {
      const id = this.#draw();
      if (this.#live.has(id)) continue;
      this.#live.add(id);
      return id;
    }
  }

  /** The connection is gone: its id may be drawn again. */
  release(id: number): void {
    this.#live.delete(id);
  }
}
