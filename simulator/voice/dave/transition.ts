/** A change of epoch under way: everybody has been told of the commit, and some have not said yet that they are ready. */

export class Transition {
  /** 1…65535. */
  readonly id: number;
  /** Who was told of the commit, and will be told to execute it. */
  readonly recipients: readonly string[];
  readonly cancelTimeout: () => void;
  readonly #waitingFor: Set<string>;

  constructor(id: number, recipients: readonly string[], cancelTimeout: () => void) {
    this.id = id;
    this.recipients = recipients;
    this.cancelTimeout = cancelTimeout;
    this.#waitingFor = new Set(recipients);
  }

  /** Counts one more as ready (or gone). @returns whether nobody is waited for any more */
  isReadyWith(userId: string): boolean {
    this.#waitingFor.delete(userId);
    return this.#waitingFor.size === 0;
  }
}
