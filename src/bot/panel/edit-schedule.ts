/** When a message that shows something live may be posted or edited: seldom, one request at a time, less when Discord is slow. Pure. */

/** From the start of one edit to the start of the next. */
const EDIT_MS = 5000;
/** From one posting to the next, so that who deletes the message is not fought. */
const REPOST_MS = 30_000;
/** An answer that took longer than this is a sign to ask less often. */
const SLOW_MS = 1500;
/** The longest wait, however slow or broken Discord is. */
const LONGEST_MS = 60_000;

/** Call `next` now and then; what it says has to be done, and then one of `shown`, `isGone` and `failed` be called. */
export class EditSchedule {
  #stands: boolean;
  /** What the message says. */
  #shown: string | undefined;
  #request: { readonly sinceMs: number; readonly wanted: string } | undefined;
  #earliestMs = -Infinity;
  #failures = 0;

  /** @param stands whether the message is there already, with an unknown text */
  constructor(stands = false) {
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
    const tookMs = nowMs - sinceMs;
    this.#stands = true;
    this.#shown = wanted;
    this.#failures = 0;
    this.#earliestMs = tookMs > SLOW_MS ? nowMs + Math.min(LONGEST_MS, EDIT_MS + tookMs) : sinceMs + EDIT_MS;
  }

  /** The message was deleted. */
  isGone(nowMs: number): void {
    this.#end(nowMs);
    this.#stands = false;
    this.#earliestMs = nowMs + REPOST_MS;
  }

  /** It did not work, for whatever reason. */
  failed(nowMs: number): void {
    this.#end(nowMs);
    this.#failures += 1;
    const pauseMs = (this.#stands ? EDIT_MS : REPOST_MS) * 2 ** (this.#failures - 1);
    this.#earliestMs = nowMs + Math.min(LONGEST_MS, pauseMs);
  }

  #end(nowMs: number): { readonly sinceMs: number; readonly wanted: string } {
    const request = this.#request ?? { sinceMs: nowMs, wanted: '' };
    this.#request = undefined;
    return request;
  }
}
