/** Under which SSRCs each person was heard lately, so that what waits of them somewhere can be called back. Pure. */

/** A person has another SSRC after each time they come back, and what is older than a few of those waits nowhere. */
const SOURCES_MAX = 4;

export class SpeakerSources {
  readonly #byUser = new Map<string, number[]>();

  /** A frame of this person came; called for each. @param ssrc u32 */
  heard(userId: string, ssrc: number): void {
    const sources = this.#byUser.get(userId);
    if (!sources) this.#byUser.set(userId, [ssrc]);
    else if (sources.at(-1) !== ssrc) {
      const others = sources.filter((other) => other !== ssrc);
      this.#byUser.set(userId, [...others, ssrc].slice(-SOURCES_MAX));
    }
  }

  /** Forgets those of whom this is true, and says what their SSRCs were. */
  take(isMeant: (userId: string) => boolean): { readonly userId: string; readonly ssrcs: number[] }[] {
    const taken = [...this.#byUser].filter(([userId]) => isMeant(userId));
    for (const [userId] of taken) this.#byUser.delete(userId);
    return taken.map(([userId, ssrcs]) => ({ userId, ssrcs }));
  }
}
