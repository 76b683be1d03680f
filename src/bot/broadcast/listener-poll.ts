/**
 * How many listen to each show, asked of the relay again and again. A relay lets one address ask only so often, and this
 * bot's commands need it, too: so all shows take turns, and ask at most once a second together.
 */
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
/** A show that is alone need not ask more often than a panel changes. */
const AGAIN_MS = 5000;
/** For so long nothing is asked of a relay that has had enough. */
const LIMITED_MS = 60_000;

export class ListenerPoll {
  readonly #options: ListenerPollOptions;
  /** Who waits longest comes first. */
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

  /** Never rejects. */
  async #turn(): Promise<void> {
    const { clock, ask } = this.#options;
    const nowMs = clock.nowMs();
    const [next] = this.#followers;
    if (!next || this.#isAsking || nowMs < next.earliestMs || nowMs < this.#pausedUntilMs) return;
    this.#followers.delete(next);
    this.#followers.add(next);
    next.earliestMs = nowMs + AGAIN_MS;
    this.#isAsking = true;
    try {
      const listeners = await ask(next.podcastId);
      if (this.#followers.has(next)) next.onCount(listeners);
    } catch (error) {
      // What was last known stands; that the relay is away shows elsewhere.
      const isLimited = error instanceof RestError && error.code === 'rate_limited';
      if (isLimited) this.#pausedUntilMs = clock.nowMs() + LIMITED_MS;
    } finally {
      this.#isAsking = false;
    }
  }
}
