/** What can be wrong with a REST API on a bad day: slow, failing, rate limited, or silent until it is let go on. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Json, JsonObject } from '../json.ts';
import { RateLimit, type RateLimitOptions } from './rate-limit.ts';

/** A request, as far as trouble is chosen by it. */
export interface RestCall {
  readonly method: string;
  /** Below `/api/v10`, decoded. */
  readonly path: string;
  readonly body: Json;
}

/** Which requests: a pattern for `PATCH /channels/1/messages/2`, or a condition. */
export type Matching = RegExp | ((call: RestCall) => boolean);

/** What a request is answered with in place of being handled. */
export interface Refusal {
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;
}

/** Requests that wait, unhandled, until they are let go on. */
export interface HeldRequests {
  /** Resolves with the first of them. */
  readonly asked: Promise<RestCall>;
  /** Those that wait, oldest first. */
  readonly waiting: readonly RestCall[];
  /** Has them handled, in their order, and holds no further ones. */
  release(): void;
}

/** Something that stays wrong until it is lifted. */
export interface Trouble {
  /** How many requests it has refused. */
  readonly refused: number;
  lift(): void;
}

interface Failing {
  readonly matching: Matching;
  readonly refusal: Refusal;
  timesLeft: number;
  refused: number;
}

interface Hold {
  readonly matching: Matching;
  readonly asked: PromiseWithResolvers<RestCall>;
  readonly released: PromiseWithResolvers<void>;
  readonly waiting: RestCall[];
}

const anything: Matching = () => true;

export class RestTrouble {
  readonly #failings = new Set<Failing>();
  readonly #limits = new Map<RateLimit, Matching>();
  readonly #holds = new Set<Hold>();
  #delayMs: (call: RestCall) => number = () => 0;

  /** Has every request wait before it is handled, by so much or by what the function says; 0 ends it. */
  delay(delayMs: number | ((call: RestCall) => number)): void {
    this.#delayMs = typeof delayMs === 'number' ? () => delayMs : delayMs;
  }

  /**
   * Answers the next requests with a failure, and does nothing of what they ask for. discord.js tries three times more
   * on its own after a 5xx.
   * @param body as Discord's API tells failures: `{ code, message }`
   */
  fail(status: number, body: JsonObject, times = Infinity, matching: Matching = anything): Trouble {
    const failing: Failing = {
      matching,
      refusal: { status, body, headers: {} },
      timesLeft: times,
      refused: 0,
    };
    this.#failings.add(failing);
    return {
      get refused() {
        return failing.refused;
      },
      lift: () => this.#failings.delete(failing),
    };
  }

  /** Lets through only so many requests in each stretch of time; the others are answered with 429 and Retry-After. */
  limit(matching: Matching, options: RateLimitOptions): Trouble {
    const limit = new RateLimit(options);
    this.#limits.set(limit, matching);
    return {
      get refused() {
        return limit.refused;
      },
      lift: () => this.#limits.delete(limit),
    };
  }

  /** Leaves requests unhandled and unanswered until they are let go on. */
  hold(matching: Matching): HeldRequests {
    const hold: Hold = {
      matching,
      asked: Promise.withResolvers(),
      released: Promise.withResolvers(),
      waiting: [],
    };
    this.#holds.add(hold);
    return {
      asked: hold.asked.promise,
      waiting: hold.waiting,
      release: () => {
        this.#holds.delete(hold);
        hold.waiting.length = 0;
        hold.released.resolve();
      },
    };
  }

  /** The simulator's side: lets a request suffer. @returns what it is refused with, or the headers of its answer */
  async befall(call: RestCall): Promise<Refusal | Refusal['headers']> {
    const { refusal, headers } = this.#rationed(call);
    if (refusal) return refusal;
    for (const hold of this.#holds) {
      if (!matches(hold.matching, call)) continue;
      hold.waiting.push(call);
      hold.asked.resolve(call);
      await hold.released.promise;
    }
    const delayMs = this.#delayMs(call);
    if (delayMs > 0) await pause(delayMs, undefined, { ref: false });
    return this.#failure(call) ?? headers;
  }

  #rationed(call: RestCall): { readonly refusal?: Refusal; readonly headers: Refusal['headers'] } {
    let headers: Refusal['headers'] = {};
    for (const [limit, matching] of this.#limits) {
      if (!matches(matching, call)) continue;
      const verdict = limit.take(call.path, performance.now());
      if (verdict.body !== undefined) {
        return { refusal: { status: 429, body: verdict.body, headers: verdict.headers }, headers };
      }
      headers = { ...headers, ...verdict.headers };
    }
    return { headers };
  }

  #failure(call: RestCall): Refusal | undefined {
    for (const failing of this.#failings) {
      if (failing.timesLeft <= 0 || !matches(failing.matching, call)) continue;
      failing.timesLeft -= 1;
      failing.refused += 1;
      if (failing.timesLeft <= 0) this.#failings.delete(failing);
      return failing.refusal;
    }
    return undefined;
  }
}

/** Whether what befell a request is its end. */
export function isRefusal(outcome: Refusal | Refusal['headers']): outcome is Refusal {
  return typeof outcome['status'] === 'number';
}

function matches(matching: Matching, call: RestCall): boolean {
  return matching instanceof RegExp ? matching.test(`${call.method} ${call.path}`) : matching(call);
}
