/** A line at the foot of the terminal that is redrawn in place, while other lines scroll above it. */

const CLEAR_LINE = '\r\u001B[K';

export class LiveLine {
  readonly #out: NodeJS.WriteStream;
  #text = '';

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** True where a line can be redrawn. */
  get isInteractive(): boolean {
    return this.#out.isTTY;
  }

  /** Prints whole lines above the live line; `lines` ends with a newline. */
  write(lines: string): void {
    this.#out.write(this.#text === '' ? lines : `${CLEAR_LINE}${lines}${this.#text}`);
  }

  /** Redraws the live line, cut to the terminal's width; an empty one takes it away. */
  set(text: string): void {
    const cut = text.slice(0, (this.#out.columns || 80) - 1);
    if (cut === this.#text) return;
    this.#text = cut;
    this.#out.write(`${CLEAR_LINE}${cut}`);
  }
}
