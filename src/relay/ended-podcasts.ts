/** Remembers for a while which podcasts there were, so that whoever comes too late is told so. */
import type { Podcast } from '../podcast/podcast.ts';

/** A day, for links that were posted. */
const KEPT_MS = 24 * 3_600_000;
const MOST = 1000;
/** Of those that were never on air, which cost nothing to make and to end: they push out none but each other. */
const NEVER_ON_AIR_MOST = 100;

/** Enough to tell who may know of it, and what it was. */
export interface EndedPodcast extends Pick<Podcast, 'id' | 'about' | 'listenKey'> {
  /** ms since 1970. */
  readonly endedMs: number;
}

export class EndedPodcasts {
  /** Each in the order of their ends. */
  readonly #wereOnAir = new Map<number, EndedPodcast>();
  readonly #neverOnAir = new Map<number, EndedPodcast>();

  add({ id, about, listenKey }: Podcast, wasOnAir: boolean, nowMs: number): void {
    const [podcasts, most] = wasOnAir ? [this.#wereOnAir, MOST] : [this.#neverOnAir, NEVER_ON_AIR_MOST];
    podcasts.set(id, { id, about, listenKey, endedMs: nowMs });
    const [oldest] = podcasts.keys();
    if (podcasts.size > most && oldest !== undefined) podcasts.delete(oldest);
  }

  find(id: number, nowMs: number): EndedPodcast | undefined {
    const podcast = this.#wereOnAir.get(id) ?? this.#neverOnAir.get(id);
    return podcast && nowMs - podcast.endedMs < KEPT_MS ? podcast : undefined;
  }
}
