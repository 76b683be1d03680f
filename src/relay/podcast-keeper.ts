/** Keeps the hub's podcasts in a store while they are on air, and says at a start which of them go on. */
import type { Logger } from 'pino';
import { type Podcast, activeSinceMs } from '../podcast/podcast.ts';
import type { Clock } from './clock.ts';
import type { KeptPodcast, PodcastStore } from './podcast-store.ts';

/** How often it is noted which podcasts are on air. */
const HEARTBEAT_MS = 60_000;
/** A podcast that was last on air so long ago is over. */
const FORGET_AFTER_MS = 10 * 60_000;

export interface PodcastKeeperOptions {
  /** Undefined: nothing outlives the process. */
  readonly store: PodcastStore | undefined;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}

/** No method throws: a podcast that cannot be kept is on air all the same, and one line in the log says so. */
export class PodcastKeeper {
  readonly #options: PodcastKeeperOptions;
  /** Those to be touched: they have a sender now. */
  readonly #live = new Set<number>();
  #stale: number[] = [];
  #stopHeartbeat: (() => void) | undefined;
  #isFailing = false;

  constructor(options: PodcastKeeperOptions) {
    this.#options = options;
  }

  /** The podcasts that a crash or a drain left on air not long ago. Changes nothing, so that a start that fails does no harm. */
  restore(): readonly KeptPodcast[] {
    return this.#attempt((store) => this.#sorted(store)) ?? [];
  }

  /** From now on it is noted who is on air; what `restore` left out is forgotten. */
  begin(): void {
    const stale = this.#stale.splice(0);
    if (stale.length > 0) this.#attempt((store) => store.remove(stale));
    if (this.#options.store)
      this.#stopHeartbeat = this.#options.clock.every(HEARTBEAT_MS, () => this.#touch());
  }

  /** A podcast came on air, back on air or lost its sender, or has another listen key. One never on air is not kept. */
  note(podcast: Podcast): void {
    const { id, host, about, key, listenKey, resumeToken, state } = podcast;
    const since = activeSinceMs(state);
    if (since === null) return;
    if (state.name === 'live') this.#live.add(id);
    else this.#live.delete(id);
    const lastLiveMs = this.#options.clock.nowMs();
    const kept = { id, host, about, key, listenKey, resumeToken, activeSinceMs: since, lastLiveMs };
    this.#attempt((store) => store.put(kept));
  }

  /** The podcast is over for good. */
  forget({ id }: Podcast): void {
    this.#live.delete(id);
    this.#attempt((store) => store.remove([id]));
  }

  /** The relay stops: what is on air now goes on at the next start. */
  close(): void {
    this.#stopHeartbeat?.();
    this.#touch();
    this.#live.clear();
  }

  #sorted(store: PodcastStore): KeptPodcast[] {
    const { podcasts, unreadable } = store.load();
    const oldestMs = this.#options.clock.nowMs() - FORGET_AFTER_MS;
    const fresh = podcasts.filter(({ lastLiveMs }) => lastLiveMs > oldestMs);
    const old = podcasts.filter(({ lastLiveMs }) => lastLiveMs <= oldestMs);
    this.#stale = [...unreadable, ...old.map(({ id }) => id)];
    if (unreadable.length > 0) {
      const { log } = this.#options;
      log.warn(
        { podcasts: unreadable.length },
        'kept podcasts are dropped: they are sealed under another key',
      );
    }
    return fresh;
  }

  #touch(): void {
    if (this.#live.size > 0)
      this.#attempt((store) => store.touch([...this.#live], this.#options.clock.nowMs()));
  }

  #attempt<Result>(act: (store: PodcastStore) => Result): Result | undefined {
    const { store, log } = this.#options;
    if (!store) return undefined;
    try {
      const result = act(store);
      this.#isFailing = false;
      return result;
    } catch (error) {
      if (!this.#isFailing)
        log.error({ err: error }, 'podcasts cannot be kept: they would not outlive a restart');
      this.#isFailing = true;
      return undefined;
    }
  }
}
