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
  /** What the store has, as far as is known. */
  readonly #stored = new Set<number>();
  /** What the store could not be told yet; it is told again with each heartbeat. */
  readonly #unsaved = new Map<number, KeptPodcast>();
  readonly #unforgotten = new Set<number>();
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
    this.#write();
    if (this.#options.store)
      this.#stopHeartbeat = this.#options.clock.every(HEARTBEAT_MS, () => this.#beat());
  }

  /** A podcast came on air, back on air or lost its sender, or has another listen key. One never on air is not kept. */
  note(podcast: Podcast): void {
    const { id, host, about, key, listenKey, resumeToken, state } = podcast;
    const since = activeSinceMs(state);
    if (since === null) return;
    if (state.name === 'live') this.#live.add(id);
    else this.#live.delete(id);
    const lastLiveMs = this.#options.clock.wallMs();
    const kept = { id, host, about, key, listenKey, resumeToken, activeSinceMs: since, lastLiveMs };
    this.#unforgotten.delete(id);
    this.#unsaved.set(id, kept);
    this.#write();
  }

  /** The podcast is over for good. */
  forget({ id }: Podcast): void {
    this.#live.delete(id);
    this.#unsaved.delete(id);
    // Only what is stored: what never was need not be remembered for as long as the store fails.
    if (this.#stored.has(id)) this.#unforgotten.add(id);
    this.#write();
  }

  /** The relay stops: what is on air now goes on at the next start. */
  close(): void {
    this.#stopHeartbeat?.();
    this.#beat();
    this.#live.clear();
  }

  #sorted(store: PodcastStore): KeptPodcast[] {
    const { podcasts, unreadable } = store.load();
    const nowMs = this.#options.clock.wallMs();
    const oldestMs = nowMs - FORGET_AFTER_MS;
    const fresh = podcasts.filter(({ lastLiveMs }) => lastLiveMs > oldestMs);
    const old = podcasts.filter(({ lastLiveMs }) => lastLiveMs <= oldestMs);
    for (const { id } of podcasts) this.#stored.add(id);
    // The machine's clock was put back meanwhile; else such a row would be fresh for as long as that was.
    for (const kept of fresh)
      if (kept.lastLiveMs > nowMs) this.#unsaved.set(kept.id, { ...kept, lastLiveMs: nowMs });
    for (const id of [...unreadable, ...old.map((podcast) => podcast.id)]) this.#unforgotten.add(id);
    if (unreadable.length > 0) {
      const { log } = this.#options;
      log.warn(
        { podcasts: unreadable.length },
        'kept podcasts are dropped: they are sealed under another key, or were changed since',
      );
    }
    return fresh;
  }

  #beat(): void {
    this.#write();
    if (this.#live.size > 0)
      this.#attempt((store) => store.touch([...this.#live], this.#options.clock.wallMs()));
  }

  /** Tells the store what it has not been told yet. */
  #write(): void {
    if (this.#unsaved.size + this.#unforgotten.size === 0) return;
    this.#attempt((store) => {
      for (const [id, kept] of this.#unsaved) {
        store.put(kept);
        this.#stored.add(id);
        this.#unsaved.delete(id);
      }
      if (this.#unforgotten.size === 0) return;
      store.remove([...this.#unforgotten]);
      for (const id of this.#unforgotten) this.#stored.delete(id);
      this.#unforgotten.clear();
    });
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
