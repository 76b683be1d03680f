/** The destinations of one audience in the order in which a message goes to them, without gaps. */
import type { Destination } from './datagram-sender.ts';

export interface PlacedDestination extends Destination {
  /** −1 once it is out. */
  slot: number;
}

export class DestinationList {
  readonly #all: PlacedDestination[] = [];
  /** The message under way has been sent to the slots before this one. */
  cursor = 0;

  get length(): number {
    return this.#all.length;
  }

  has(destination: Destination): destination is PlacedDestination {
    return 'slot' in destination && this.#all[Number(destination.slot)] === destination;
  }

  /** The new destination comes last: the message under way goes to it too. */
  add(address: string, port: number): PlacedDestination {
    const destination = { address, port, slot: this.#all.length };
    this.#all.push(destination);
    return destination;
  }

  /**
   * Takes a destination out in O(1), so that nobody is sent the message under way twice or not at all: a gap before
   * the cursor is filled by the last who has it, and only the gap that this leaves by the last of all.
   * @param onMove what is kept beside slot `from` belongs to slot `to` now
   */
  remove(destination: PlacedDestination, onMove: (from: number, to: number) => void): void {
    let gap = destination.slot;
    destination.slot = -1;
    if (gap < this.cursor) {
      this.cursor -= 1;
      gap = this.#fill(gap, this.cursor, onMove);
    }
    this.#fill(gap, this.#all.length - 1, onMove);
    this.#all.pop();
  }

  clear(): void {
    for (const destination of this.#all) destination.slot = -1;
    this.#all.length = 0;
    this.cursor = 0;
  }

  /** @returns the new gap */
  #fill(gap: number, from: number, onMove: (from: number, to: number) => void): number {
    const moved = this.#all[from];
    if (!moved || from === gap) return gap;
    this.#all[gap] = moved;
    moved.slot = gap;
    onMove(from, gap);
    return from;
  }
}
