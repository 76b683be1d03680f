/** What this relay needs of whatever makes one stream out of many speakers. */

/** One Opus frame of one speaker. */
export interface SpeakerFrame {
  /** u32, one a speaker. */
  readonly ssrc: number;
  /** u16. */
  readonly sequence: number;
  /** u32, ticks of 48 kHz. */
  readonly timestamp: number;
  readonly opus: Uint8Array;
}

/** Times are of one clock that never goes back. */
export interface ProgrammeEngine {
  /** Never throws for what is in a frame. */
  receive(frame: SpeakerFrame, nowMs: number): void;
  /** Nothing of this speaker that was received up to now goes out any more. */
  retract(ssrc: number): void;
  /** The next 20 ms, as one Opus frame. */
  tick(nowMs: number): Uint8Array;
  close(): void;
}
