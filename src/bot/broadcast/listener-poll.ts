/** How many listen to each show, asked of the relay every few seconds, one show after the other. */
import { RestError } from '../../client/rest-client.ts';
import type { ListenerCount } from '../panel/panel-view.ts';
import type { Clock } from '../system-clock.ts';

export interface ListenerPollOptions {
  readonly clock: Pick<Clock, 'nowMs' | 'every'>;
  /** Asks the relay; may reject. */
  readonly ask: (podcastId: number) => Promise<ListenerCount>;
}

interface Follower {
  readonly podcastId: number;
  readonly onCount: (listeners: ListenerCount) => void;
  earliestMs: number;
}

const TURN_MS = 1000;
/** A panel does not change more often. */
const AGAIN_MS = 5000;
/** For so long nothing is asked of a relay that has had enough. */
const LIMITED_MS = 60_000;

export class ListenerPoll {
  readonly #options: ListenerPollOptions;
  readonly #followers = new Set<Follower>();
  #stop: (() => void) | undefined;
  #isAsking = false;
  #pausedUntilMs = -Infinity;

  constructor(options: ListenerPollOptions) {
    this.#options = options;
  }

  /** @returns what ends it */
  follow(podcastId: number, onCount: (listeners: ListenerCount) => void): () => void {
    const { clock } = this.#options;
    const follower = { podcastId, onCount, earliestMs: clock.nowMs() };
    this.#followers.add(follower);
    this.#stop ??= clock.every(TURN_MS, () => void this.#turn());
    return () => {
      this.#followers.delete(follower);
      if (this.#followers.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /** Asks for all that are due; never rejects. */
  async #turn(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { clock } = this.#options;
    for (const follower of this.#followers) {
      const nowMs = clock.nowMs();
      if (nowMs < this.#pausedUntilMs) break;
      if (nowMs >= follower.earliestMs) await this.#ask(follower, nowMs);
    }
    this.#isAsking = false;
  }

  async #ask(follower: Follower, nowMs: number): Promise<void> {
    follower.earliestMs = nowMs + AGAIN_MS;
    try {
      const listeners = await this.#options.ask(follower.podcastId);
      if (this.#followers.has(follower)) follower.onCount(listeners);
    } catch (error) {
      // What was last known stands; that the relay is away shows elsewhere.
      const isLimited = error instanceof RestError && error.code === 'rate_limited';
      if (isLimited) this.#pausedUntilMs = nowMs + LIMITED_MS;
    }
  }
}
