/** Plays frames of 20 ms into a channel by an absolute clock, from when it can be heard there. No timer and no socket of its own. */
import type { Clock } from '../system-clock.ts';

const FRAME_MS = 20;
/** Whoever was held up for longer than this goes on at the right place, rather than in a rush. */
const RUSH_MAX_FRAMES = 5;
/** A channel that cannot be spoken into for so long is not worth waiting for: its people see that it is on air. */
const PATIENCE_MS = 10_000;

/** What the player needs of a voice connection. */
export interface NoticeVoice {
  readonly canBeHeard: boolean;
  send(opus: Buffer, nowMs: number): void;
  rest(nowMs: number): void;
}

export interface NoticeOptions {
  readonly frames: readonly Buffer[];
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  /** Asked each time: another one after a rejoin, none while away. */
  readonly voice: () => NoticeVoice | undefined;
}

export class NoticePlayer {
  readonly #options: NoticeOptions;
  readonly #deadlineMs: number;
  #startMs: number | undefined;
  #next = 0;
  #isOver = false;

  /** Begins at once, or as soon as it can be heard. */
  constructor(options: NoticeOptions) {
    this.#options = options;
    this.#deadlineMs = options.clock.nowMs() + PATIENCE_MS;
    this.#play();
  }

  stop(): void {
    this.#isOver = true;
  }

  #play(): void {
    const { clock, frames, voice } = this.#options;
    if (this.#isOver) return;
    const nowMs = clock.nowMs();
    const sender = voice();
    if (this.#startMs === undefined) {
      if (nowMs > this.#deadlineMs) return;
      if (sender?.canBeHeard) this.#startMs = nowMs;
    }
    if (this.#startMs === undefined) {
      clock.after(FRAME_MS, () => this.#play());
      return;
    }
    const due = Math.min(frames.length, Math.floor((nowMs - this.#startMs) / FRAME_MS) + 1);
    this.#next = Math.max(this.#next, due - RUSH_MAX_FRAMES);
    for (; this.#next < due; this.#next += 1) {
      const frame = frames[this.#next];
      if (frame) sender?.send(frame, this.#startMs + this.#next * FRAME_MS);
    }
    const nextMs = this.#startMs + this.#next * FRAME_MS;
    if (this.#next < frames.length) clock.after(nextMs - nowMs, () => this.#play());
    else sender?.rest(nextMs);
  }
}
