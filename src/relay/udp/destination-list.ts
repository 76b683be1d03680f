/**
 * The destinations of one audience in the order in which a message goes to them, without gaps:
 *
 *     0               cursor               end                length
 *     | have the      | are still to       | came later: the  |
 *     | message       | get it             | next one         |
 */
import type { Destination } from './datagram-sender.ts';

export interface PlacedDestination extends Destination {
  /** −1 once it is out. */
  slot: number;
}

export class DestinationList {
  readonly #all: PlacedDestination[] = [];
  #cursor = 0;
  #end = 0;

  get length(): number {
    return this.#all.length;
  }

  /** The slot that gets the message under way next. */
  get cursor(): number {
    return this.#cursor;
  }

  /** How many are still to get the message under way. */
  get left(): number {
    return this.#end - this.#cursor;
  }

  /** A new message goes to all who are here now: not to newcomers, or it would never end while people come. */
  begin(): void {
    this.#cursor = 0;
    this.#end = this.#all.length;
  }

  advance(slots: number): void {
    this.#cursor += slots;
  }

  has(destination: Destination): destination is PlacedDestination {
    return 'slot' in destination && this.#all[Number(destination.slot)] === destination;
  }

  add(address: string, port: number): PlacedDestination {
    const destination = { address, port, slot: this.#all.length };
    this.#all.push(destination);
    return destination;
  }

  /**
   * Takes a destination out in O(1), so that nobody gets the message under way twice or not at all: the last of each
   * part fills the gap before it.
   * @param onMove what is kept beside slot `from` belongs to slot `to` now
   */
  remove(destination: PlacedDestination, onMove: (from: number, to: number) => void): void {
    let gap = destination.slot;
    destination.slot = -1;
    if (gap < this.#cursor) {
      this.#cursor -= 1;
      gap = this.#fill(gap, this.#cursor, onMove);
    }
    if (gap < this.#end) {
      this.#end -= 1;
      gap = this.#fill(gap, this.#end, onMove);
    }
    this.#fill(gap, this.#all.length - 1, onMove);
    this.#all.pop();
  }

  clear(): void {
    for (const destination of this.#all) destination.slot = -1;
    this.#all.length = 0;
    this.begin();
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
