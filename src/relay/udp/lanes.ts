/** The lanes of one socket, and which of them gets the next destination. */
import { type Lane, type Scheduler, SendLoop } from './send-loop.ts';

export interface LanesOptions {
  readonly scheduler: Scheduler;
  /** So many destinations the event loop's own thread takes before further lanes do. */
  readonly beyond: number;
  /** How many further lanes there may be. */
  readonly furtherMax: number;
  readonly startFurther: () => Promise<Lane>;
}

export class Lanes {
  readonly #options: LanesOptions;
  readonly #own: Lane;
  readonly #further: Lane[] = [];
  #starting: Promise<void> | undefined;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#own = new SendLoop(options.scheduler);
  }

  /** The lane of the next destination: one for good, or its packets would overtake each other. */
  choose(): Lane {
    const { beyond } = this.#options;
    // So that they are there when they are needed.
    if (this.#own.size >= beyond / 2) void this.startFurther();
    if (this.#own.size < beyond) return this.#own;
    return this.#further.toSorted((a, b) => a.size - b.size)[0] ?? this.#own;
  }

  /** Settles when all that can be started have been. */
  startFurther(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async close(): Promise<void> {
    // None may start any more.
    this.#starting ??= Promise.resolve();
    await this.#starting;
    await Promise.all([this.#own, ...this.#further].map((lane) => lane.close()));
  }

  async #start(): Promise<void> {
    const { furtherMax, startFurther } = this.#options;
    const starts = await Promise.allSettled(Array.from({ length: furtherMax }, startFurther));
    for (const start of starts) if (start.status === 'fulfilled') this.#further.push(start.value);
  }
}
