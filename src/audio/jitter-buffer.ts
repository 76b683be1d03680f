/** Stand-in: plays in order, three frames deep. */
export type Playout =
  | { readonly is: 'frame'; readonly opus: Uint8Array }
  | { readonly is: 'lost'; readonly next: Uint8Array | undefined }
  | { readonly is: 'merge'; readonly first: Uint8Array; readonly second: Uint8Array }
  | { readonly is: 'hold' }
  | { readonly is: 'silence' };

export interface BufferedFrame {
  readonly sequence: number;
  readonly timestamp: number;
  readonly opus: Uint8Array;
}

const SILENT: Playout = { is: 'silence' };

export class JitterBuffer {
  readonly #frames = new Map<number, Uint8Array>();
  #next: number | undefined;

  push(frame: BufferedFrame, _nowMs: number): void {
    this.#frames.set(frame.sequence, frame.opus);
  }

  pull(_nowMs: number): Playout {
    if (this.#next === undefined) {
      if (this.#frames.size < 1) return SILENT;
      this.#next = Math.min(...this.#frames.keys());
    }
    const opus = this.#frames.get(this.#next);
    if (!opus && this.#frames.size === 0) {
      this.#next = undefined;
      return SILENT;
    }
    this.#frames.delete(this.#next);
    this.#next = (this.#next + 1) & 0xffff;
    return opus ? { is: 'frame', opus } : { is: 'lost', next: this.#frames.get(this.#next) };
  }
}
