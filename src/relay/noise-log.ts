/** Logs what strangers cause: one line a second at most, with the number of those left out. */
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';

const PERIOD_MS = 1000;

export class NoiseLog {
  readonly #log: Pick<Logger, 'warn'>;
  readonly #clock: Pick<Clock, 'nowMs'>;
  #nextMs = 0;
  #leftOut = 0;

  constructor(log: Pick<Logger, 'warn'>, clock: Pick<Clock, 'nowMs'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** @param fields no secret, key, token or query string */
  warn(fields: Readonly<Record<string, string | number>>, sentence: string): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#nextMs) {
      this.#leftOut += 1;
      return;
    }
    this.#log.warn(this.#leftOut > 0 ? { ...fields, leftOut: this.#leftOut } : fields, sentence);
    this.#nextMs = nowMs + PERIOD_MS;
    this.#leftOut = 0;
  }
}
