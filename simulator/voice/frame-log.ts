/** What was said in a call, frame by frame, so that a test can add up what a bot should have heard. */
import type { DatagramFate } from './network-faults.ts';

export interface SpokenFrame {
  readonly userId: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** As spoken, before any encryption. Empty for a packet of padding alone. */
  readonly opus: Buffer;
  /**
   * Whether a bot that does everything right must be able to hear this frame: every member of the call is in the MLS
   * group, no transition is pending, and the bot has confirmed every signal, the speaker's SSRC among them.
   */
  readonly settled: boolean;
  /** What the network did with it; `unheard` when no bot was in the call. */
  readonly fate: DatagramFate | 'unheard';
}

/** A bounded record: once full, the oldest frames are forgotten and counted. */
export class FrameLog {
  readonly #limit: number;
  readonly #stop: () => void;
  #frames: SpokenFrame[] = [];
  /** How many frames were dropped to keep within the limit. */
  forgotten = 0;

  /** @param stop what ends the recording */
  constructor(limit: number, stop: (log: FrameLog) => void) {
    this.#limit = limit;
    this.#stop = () => stop(this);
  }

  /** The frames so far, oldest first. */
  get frames(): readonly SpokenFrame[] {
    return this.#frames;
  }

  add(frame: SpokenFrame): void {
    this.#frames.push(frame);
    // Trimmed by half at once: dropping one at a time would move the whole list for every frame.
    if (this.#frames.length <= this.#limit) return;
    const kept = this.#frames.slice(-Math.ceil(this.#limit / 2));
    this.forgotten += this.#frames.length - kept.length;
    this.#frames = kept;
  }

  /** Ends the recording; what was recorded stays readable. */
  stop(): void {
    this.#stop();
  }
}
