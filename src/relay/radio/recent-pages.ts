/** Keeps the last moments of a stream: a player that gets them at once starts at once. */
import type { EncodedPage } from '../encoding/encoder.ts';

export class RecentPages {
  readonly #maxSamples: number;
  #pages: EncodedPage[] = [];
  #samples = 0;

  /** @param maxSamples of 48 kHz */
  constructor(maxSamples: number) {
    this.#maxSamples = maxSamples;
  }

  get pages(): readonly EncodedPage[] {
    return this.#pages;
  }

  add(page: EncodedPage): void {
    this.#pages.push(page);
    this.#samples += page.samples;
    while (this.#samples > this.#maxSamples) {
      const oldest = this.#pages.shift();
      if (!oldest) break;
      this.#samples -= oldest.samples;
    }
  }

  clear(): void {
    this.#pages = [];
    this.#samples = 0;
  }
}
