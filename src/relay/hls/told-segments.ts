/** What one player was told of segments: none may become another under its eyes (RFC 8216 §6.2.1), or it gives up. No clock, no socket. */
import type { Segment } from './segment-window.ts';

export class ToldSegments {
  /** The numbers of those that its last playlist named as sound. */
  #asSound: readonly number[] = [];

  /**
   * @param segments what its next playlist names
   * @returns the same, but what it was told of before it was taken back is named as it was: that address leads to the silence
   */
  tell(segments: readonly Segment[]): readonly Segment[] {
    const told = segments.map((segment) =>
      this.#asSound.includes(segment.number) ? { ...segment, isRetracted: false } : segment,
    );
    this.#asSound = told.filter(({ isRetracted }) => !isRetracted).map(({ number }) => number);
    return told;
  }
}
