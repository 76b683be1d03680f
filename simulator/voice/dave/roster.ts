/** Who sits at which leaf of the MLS tree (RFC 9420 §7.8). */

/** Removing blanks a leaf; adding takes the leftmost blank one. */
export class Roster {
  readonly #leaves: (string | undefined)[];

  constructor(founderId: string) {
    this.#leaves = [founderId];
  }

  /** The members' user ids, leftmost leaf first. */
  get members(): string[] {
    return this.#leaves.filter((userId) => userId !== undefined);
  }

  has(userId: string): boolean {
    return this.#leaves.includes(userId);
  }

  /** The member's leaf, or undefined for who is not one. */
  leafOf(userId: string): number | undefined {
    const leaf = this.#leaves.indexOf(userId);
    return leaf === -1 ? undefined : leaf;
  }

  /** Who sits at the leaf. */
  at(leaf: number): string | undefined {
    return this.#leaves[leaf];
  }

  remove(leaf: number): void {
    this.#leaves[leaf] = undefined;
    // A tree never ends in blank leaves: the next member would otherwise be counted too far right.
    while (this.#leaves.length > 0 && this.#leaves.at(-1) === undefined) this.#leaves.pop();
  }

  add(userId: string): void {
    const blank = this.#leaves.indexOf(undefined);
    if (blank === -1) this.#leaves.push(userId);
    else this.#leaves[blank] = userId;
  }
}
