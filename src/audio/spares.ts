/** Things that are made asynchronously and taken synchronously: some wait ready-made. */

export class Spares<T> {
  readonly #size: number;
  readonly #make: () => Promise<T>;
  readonly #free: (spare: T) => void;
  readonly #ready: T[] = [];
  #making = 0;
  #isClosed = false;

  /** @param size how many wait @param free called with those that nobody has taken in the end */
  constructor(size: number, make: () => Promise<T>, free: (spare: T) => void) {
    this.#size = size;
    this.#make = make;
    this.#free = free;
  }

  /** Resolves when as many are ready as there should be. @throws what making threw */
  async fill(): Promise<void> {
    const missing = this.#size - this.#ready.length - this.#making;
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#add()));
  }

  get isFull(): boolean {
    return this.#ready.length === this.#size;
  }

  /** Undefined when none is ready: ask again. Another takes its place before the next turn of the event loop, or soon. */
  take(): T | undefined {
    const taken = this.#ready.pop();
    // Out of memory, say: it is tried again at the next take.
    if (!this.#isClosed) this.fill().catch(() => {});
    return taken;
  }

  close(): void {
    this.#isClosed = true;
    for (const spare of this.#ready.splice(0)) this.#free(spare);
  }

  async #add(): Promise<void> {
    this.#making += 1;
    try {
      const made = await this.#make();
      if (this.#isClosed) this.#free(made);
      else this.#ready.push(made);
    } finally {
      this.#making -= 1;
    }
  }
}
