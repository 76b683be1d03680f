/** Who speaks right now. Pure: time comes in as `nowMs`. */

// Discord's own indicator goes out about this long after the last packet.
const SPEAKING_MS = 250;

export class SpeakerRoster {
  readonly #lastFrameMs = new Map<string, number>();

  heard(userId: string, nowMs: number): void {
    this.#lastFrameMs.set(userId, nowMs);
  }

  forget(userId: string): void {
    this.#lastFrameMs.delete(userId);
  }

  /** Ids of those who speak, in the order in which they were first heard. */
  speaking(nowMs: number): string[] {
    return [...this.#lastFrameMs].filter(([, lastMs]) => nowMs - lastMs < SPEAKING_MS).map(([id]) => id);
  }
}
