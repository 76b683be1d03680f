/** A person saying something: one frame every 20 ms of an absolute clock, so that hours do not drift. */
import { setTimeout as sleep } from 'node:timers/promises';
import { frameMs, type Speech } from './speech.ts';
import { silenceFrame } from './voice/talker.ts';

const silenceFrames = 5;
/** How many frames that are late are sent at once; more would only flood the network's buffers. */
const burstLimit = 10;
const longestLagMs = 1000;

export interface SpeakOptions {
  /** Time between frames; 20 in reality, less to have a test over sooner. */
  readonly frameIntervalMs?: number;
  /** The first frame, counted from 0. */
  readonly from?: number;
  /** How many frames; all that are left by default. */
  readonly frames?: number;
  /** Begins again at the end, until stopped. */
  readonly loop?: boolean;
}

export interface Mouth {
  /** Announces that one is about to speak; resolves when one may. */
  open(): Promise<void>;
  /** Says a frame; false if there is nobody to say it to any more. */
  say(opus: Buffer): boolean;
  close(): void;
}

export class Speaking {
  /** Resolves when everything has been said, or the speech was stopped. */
  readonly done: Promise<void>;
  /** How many frames have been said, without the silence at the end. */
  spoken = 0;
  readonly #frames: readonly Buffer[];
  readonly #intervalMs: number;
  readonly #total: number;
  readonly #mouth: Mouth;
  #isStopped = false;
  #wake: (() => void) | undefined;

  constructor(speech: Speech, mouth: Mouth, options: SpeakOptions = {}) {
    const { frameIntervalMs = frameMs, from = 0, loop = false } = options;
    const until = options.frames === undefined ? undefined : from + options.frames;
    this.#frames = speech.frames.slice(from, until);
    if (this.#frames.length === 0)
      throw new RangeError(`no frames from ${from} of ${speech.frames.length} on`);
    this.#intervalMs = frameIntervalMs;
    this.#total = loop ? Infinity : this.#frames.length;
    this.#mouth = mouth;
    this.done = this.#run();
  }

  /** Stops early; the silence at the end is still said. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    await this.#mouth.open();
    let dueMs = performance.now();
    while (!this.#isStopped && this.spoken < this.#total) {
      // After a long standstill the clock starts anew: nobody says in a second what a minute should have held.
      dueMs = Math.max(dueMs, performance.now() - longestLagMs);
      for (let burst = 0; burst < burstLimit && dueMs <= performance.now(); burst += 1) {
        const frame = this.spoken < this.#total && this.#frames[this.spoken % this.#frames.length];
        if (!frame) break;
        if (!this.#mouth.say(frame)) return;
        this.spoken += 1;
        dueMs += this.#intervalMs;
      }
      await this.#sleepUntil(dueMs);
    }
    for (let silence = 0; silence < silenceFrames; silence += 1) {
      if (!this.#mouth.say(silenceFrame)) return;
      await sleep(this.#intervalMs);
    }
    this.#mouth.close();
  }

  async #sleepUntil(timeMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(0, timeMs - performance.now()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
