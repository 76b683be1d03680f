/** What the page remembers from one visit to the next, where the browser lets it. */

const VOLUME = 'guildcast.volume';
const KEYS = 'guildcast.keys';

/** Of a browser's `localStorage`. */
type Memory = Pick<Storage, 'getItem' | 'setItem'>;

/** @param memory throws, or is not there, where it is not allowed */
export class Remembered {
  readonly #memory: () => Memory;

  constructor(memory: () => Memory) {
    this.#memory = memory;
  }

  /** 0 … 100; everything unless somebody chose less. */
  get volumePercent(): number {
    const percent = Number(this.#read(VOLUME) ?? 100);
    return percent >= 0 && percent <= 100 ? Math.round(percent) : 100;
  }

  set volumePercent(percent: number) {
    this.#write(VOLUME, String(percent));
  }

  /** Whether single keys do something: who speaks to the computer may not want that (WCAG 2.1.4). */
  get keys(): boolean {
    return this.#read(KEYS) !== 'off';
  }

  set keys(on: boolean) {
    this.#write(KEYS, on ? 'on' : 'off');
  }

  #read(name: string): string | null {
    try {
      return this.#memory().getItem(name);
    } catch {
      return null;
    }
  }

  #write(name: string, value: string): void {
    try {
      this.#memory().setItem(name, value);
    } catch {
      // It holds for this visit.
    }
  }
}
