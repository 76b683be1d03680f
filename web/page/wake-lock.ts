/** Keeps the screen of a phone or tablet on while it plays: there, a dark screen may cost the connection. */

export class WakeLock {
  #wanted = false;
  #asking = false;
  #held: WakeLockSentinel | undefined;

  constructor() {
    document.addEventListener('visibilitychange', () => void this.#settle());
  }

  /** Never throws: without it, everything else goes on. */
  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    void this.#settle();
  }

  async #settle(): Promise<void> {
    if (this.#asking || !('wakeLock' in navigator) || !matchMedia('(pointer: coarse)').matches) return;
    this.#asking = true;
    try {
      if (!this.#wanted) await this.#held?.release();
      else if (document.visibilityState === 'visible' && (this.#held?.released ?? true)) {
        this.#held = await navigator.wakeLock.request('screen');
      }
    } catch {
      // Low battery, or a policy: the screen goes dark as ever.
    } finally {
      this.#asking = false;
    }
    // It may have been told otherwise in the meantime.
    if (!this.#wanted && this.#held && !this.#held.released) void this.#settle();
  }
}
