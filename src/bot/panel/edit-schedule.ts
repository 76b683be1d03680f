/** When a message that shows something live may be posted or edited: seldom, one request at a time, less when Discord is slow. Pure. */

/** All in ms. */
export interface EditPacing {
  /** From the start of one edit to the start of the next. */
  readonly editMs: number;
  /** From one posting to the next, so that who deletes the message is not fought. */
  readonly repostMs: number;
  /** An answer that took longer than this is a sign to ask less often. */
  readonly slowMs: number;
  /** The longest wait, however slow or broken Discord is. */
  readonly longestMs: number;
}

export const EDIT_PACING: EditPacing = { editMs: 5000, repostMs: 30_000, slowMs: 1500, longestMs: 60_000 };

/** Call `next` now and then; what it says has to be done, and then one of `shown`, `isGone` and `failed` be called. */
export class EditSchedule {
  readonly #pacing: EditPacing;
  #stands: boolean;
  /** What the message says. */
  #shown: string | undefined;
  #request: { readonly sinceMs: number; readonly wanted: string } | undefined;
  #earliestMs = -Infinity;
  #failures = 0;

  /** @param stands whether the message is there already, with an unknown text */
  constructor(pacing: EditPacing = EDIT_PACING, stands = false) {
    this.#pacing = pacing;
    this.#stands = stands;
  }

  /**
   * What to do now, if anything.
   * @param wanted what the message should say, as a key that changes when it does
   */
  next(wanted: string, nowMs: number): 'post' | 'edit' | undefined {
    if (this.#request || nowMs < this.#earliestMs) return undefined;
    if (this.#stands && wanted === this.#shown) return undefined;
    this.#request = { sinceMs: nowMs, wanted };
    return this.#stands ? 'edit' : 'post';
  }

  /** Discord took it. */
  shown(nowMs: number): void {
    const { sinceMs, wanted } = this.#end(nowMs);
    const { editMs, slowMs, longestMs } = this.#pacing;
    const tookMs = nowMs - sinceMs;
    this.#stands = true;
    this.#shown = wanted;
    this.#failures = 0;
    this.#earliestMs = tookMs > slowMs ? nowMs + Math.min(longestMs, editMs + tookMs) : sinceMs + editMs;
  }

  /** The message was deleted. */
  isGone(nowMs: number): void {
    this.#end(nowMs);
    this.#stands = false;
    this.#earliestMs = nowMs + this.#pacing.repostMs;
  }

  /** It did not work, for whatever reason. */
  failed(nowMs: number): void {
    this.#end(nowMs);
    const { editMs, repostMs, longestMs } = this.#pacing;
    this.#failures += 1;
    const pauseMs = (this.#stands ? editMs : repostMs) * 2 ** (this.#failures - 1);
    this.#earliestMs = nowMs + Math.min(longestMs, pauseMs);
  }

  #end(nowMs: number): { readonly sinceMs: number; readonly wanted: string } {
    const request = this.#request ?? { sinceMs: nowMs, wanted: '' };
    this.#request = undefined;
    return request;
  }
}
