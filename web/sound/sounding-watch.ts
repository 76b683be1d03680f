/** Notices that a context which should sound does not run: a browser or a system does not let it, or has taken it away. */
import type { PageClock } from './page-clock.ts';

const PERIOD_MS = 250;
/** A slow machine, or earphones that have to be woken, begin to sound within that. */
const BEGIN_MS = 5000;
/** What was playing comes back within that, or somebody has to press a button. */
const RETURN_MS = 2000;

/** What is used of an `AudioContext`. */
export interface WatchedContext {
  /** `running`, `suspended`, or `interrupted` in browsers of Apple. */
  readonly state: string;
  resume(): Promise<void>;
}

export interface SoundingHandlers {
  /** It runs, for the first time or again. */
  readonly onRunning: () => void;
  /** It will not by itself. Nothing more is said. */
  readonly onSilenced: () => void;
}

export class SoundingWatch {
  readonly #context: WatchedContext;
  readonly #clock: PageClock;
  readonly #handlers: SoundingHandlers;
  #cancel: () => void;
  #silentSinceMs: number | undefined;
  #hasRun = false;

  /** @param context has been told to run, in the handler of a button */
  constructor(context: WatchedContext, clock: PageClock, handlers: SoundingHandlers) {
    this.#context = context;
    this.#clock = clock;
    this.#handlers = handlers;
    this.#silentSinceMs = clock.nowMs();
    this.#cancel = clock.every(PERIOD_MS, () => this.check());
  }

  /** To be called when its state has changed; it is looked after besides. */
  check(): void {
    const nowMs = this.#clock.nowMs();
    if (this.#context.state === 'running') {
      if (this.#silentSinceMs === undefined) return;
      this.#silentSinceMs = undefined;
      this.#hasRun = true;
      this.#handlers.onRunning();
    } else if (this.#silentSinceMs === undefined) {
      this.#silentSinceMs = nowMs;
      // It may be let.
      this.#context.resume().catch(() => undefined);
    } else if (nowMs - this.#silentSinceMs >= (this.#hasRun ? RETURN_MS : BEGIN_MS)) {
      this.stop();
      this.#handlers.onSilenced();
    }
  }

  stop(): void {
    this.#cancel();
  }
}
