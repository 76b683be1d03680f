/** Decides what is said aloud to who cannot see the page: what has come to stay, and nothing twice. */

/** What comes and goes within this time is not worth a word. */
const SETTLED_MS = 1000;

export class Announcer {
  #said = '';
  #offered = '';
  #sinceMs = 0;

  /** @param text what the page shows now @returns what is to be said, if anything */
  offer(text: string, nowMs: number): string | undefined {
    if (text !== this.#offered) {
      this.#offered = text;
      this.#sinceMs = nowMs;
    }
    if (text === this.#said || nowMs - this.#sinceMs < SETTLED_MS) return undefined;
    this.#said = text;
    return text;
  }
}
