/** Remembers for a while which podcasts there were, so that whoever comes too late is told so. */
import type { About, Podcast } from '../podcast/podcast.ts';

/** A day, for links that were posted. */
const KEPT_MS = 24 * 3_600_000;
const MOST = 1000;

/** Enough to tell who may know of it, and what it was. */
export interface EndedPodcast extends Pick<Podcast, 'id' | 'about' | 'listenKey'> {
  readonly about: About;
  /** ms since 1970. */
  readonly endedMs: number;
}

export class EndedPodcasts {
  /** In the order of their ends. */
  readonly #podcasts = new Map<number, EndedPodcast>();

  add({ id, about, listenKey }: Podcast, nowMs: number): void {
    this.#podcasts.set(id, { id, about, listenKey, endedMs: nowMs });
    const [oldest] = this.#podcasts.keys();
    if (this.#podcasts.size > MOST && oldest !== undefined) this.#podcasts.delete(oldest);
  }

  find(id: number, nowMs: number): EndedPodcast | undefined {
    const podcast = this.#podcasts.get(id);
    return podcast && nowMs - podcast.endedMs < KEPT_MS ? podcast : undefined;
  }
}
