/** One rate limit of the REST API: so many requests in a stretch of time, for each channel, guild or webhook. */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../json.ts';

/** What a bucket is kept for: https://discord.com/developers/docs/topics/rate-limits (top-level resources). */
const resource = /^\/(?:(?:channels|guilds)\/\d+|webhooks\/\d+\/[^/]+)/u;
/** More buckets than this are never in use at once; over it, those whose time is over are forgotten. */
const bucketLimit = 1000;

export interface RateLimitOptions {
  /** How many requests are let through in each stretch of time; 0 for none at all. */
  readonly requests: number;
  /** How long a stretch is, from its first request on. */
  readonly perMs: number;
  /** Whether it is the limit of the whole bot, which holds for every route and resource together. */
  readonly isGlobal?: boolean;
  /** Leaves the limit out of good answers, so that nobody can keep to it who does not know it. */
  readonly isUnannounced?: boolean;
}

export interface RateLimitVerdict {
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a 429; undefined for a request that is let through. */
  readonly body?: JsonObject;
}

interface Bucket {
  used: number;
  resetAtMs: number;
}

export class RateLimit {
  /** How many requests were answered with 429. */
  refused = 0;
  readonly #options: RateLimitOptions;
  readonly #hash = randomBytes(8).toString('hex');
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** A request comes. @param nowMs of a clock that never goes back */
  take(path: string, nowMs: number): RateLimitVerdict {
    const { requests, isUnannounced = false } = this.#options;
    const bucket = this.#bucket(path, nowMs);
    if (bucket.used < requests) {
      bucket.used += 1;
      return { headers: isUnannounced ? {} : this.#headers(bucket, nowMs) };
    }
    this.refused += 1;
    const retryAfter = secondsUntil(bucket.resetAtMs, nowMs);
    const isGlobal = this.#options.isGlobal === true;
    return {
      headers: {
        ...(isUnannounced ? {} : this.#headers(bucket, nowMs)),
        ...(isGlobal ? { 'x-ratelimit-global': 'true' } : {}),
        'x-ratelimit-scope': isGlobal ? 'global' : 'user',
        'retry-after': String(retryAfter),
        via: '1.1 simulated',
      },
      body: { message: 'You are being rate limited.', retry_after: retryAfter, global: isGlobal },
    };
  }

  #headers({ used, resetAtMs }: Bucket, nowMs: number): Record<string, string> {
    if (this.#options.isGlobal === true) return {};
    return {
      'x-ratelimit-limit': String(this.#options.requests),
      'x-ratelimit-remaining': String(Math.max(0, this.#options.requests - used)),
      'x-ratelimit-reset-after': String(secondsUntil(resetAtMs, nowMs)),
      'x-ratelimit-bucket': this.#hash,
    };
  }

  #bucket(path: string, nowMs: number): Bucket {
    const key = this.#options.isGlobal === true ? '' : (resource.exec(path)?.[0] ?? '');
    const known = this.#buckets.get(key);
    if (known && nowMs < known.resetAtMs) return known;
    const bucket = { used: 0, resetAtMs: nowMs + this.#options.perMs };
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > bucketLimit) this.#forget(nowMs);
    return bucket;
  }

  #forget(nowMs: number): void {
    for (const [key, { resetAtMs }] of this.#buckets) if (resetAtMs <= nowMs) this.#buckets.delete(key);
  }
}

/** In seconds, to the millisecond, as Discord's headers tell it. */
function secondsUntil(timeMs: number, nowMs: number): number {
  return Math.ceil(timeMs - nowMs) / 1000;
}
