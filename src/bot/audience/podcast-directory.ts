/** What is on air at the relay, as people are shown it. */
import { type Account, listPodcasts } from '../../client/rest-client.ts';
import type { PodcastObject } from '../../protocol/rest.ts';
import type { Text } from '../../texts/catalogue.ts';
import type { Broadcasts } from '../broadcast/broadcasts.ts';
import { oneLine } from '../plain-text.ts';

/** People who type ask for suggestions with each key; the relay is asked no more often than this. */
const FRESH_MS = 5000;

export interface ListedPodcast {
  readonly id: number;
  readonly title: Text;
  /** From which server, or of which host, it is. */
  readonly origin: Text;
  /** ms since 1970. */
  readonly sinceMs: number;
  readonly listeners: number;
  /** A link for people. */
  readonly page: string;
}

export class PodcastDirectory {
  readonly #relay: string;
  readonly #account: Account;
  readonly #broadcasts: Broadcasts;
  #asked: Promise<readonly PodcastObject[]> | undefined;
  #askedMs = 0;

  constructor(relay: string, account: Account, broadcasts: Broadcasts) {
    this.#relay = relay;
    this.#account = account;
    this.#broadcasts = broadcasts;
  }

  /** The public podcasts that are on air, those with the most listeners first. @throws RestError */
  async live(): Promise<ListedPodcast[]> {
    const podcasts = await this.#podcasts();
    return podcasts
      .flatMap((podcast) =>
        podcast.active_since === null ? [] : [this.#listed(podcast, podcast.active_since)],
      )
      .toSorted((one, other) => other.listeners - one.listeners || one.sinceMs - other.sinceMs);
  }

  /**
   * The server it comes from when this bot hosts it, else its host's account. Foreign hosts need not give a title, and give
   * any: each is in one line here, its Markdown as it came.
   */
  named({ id, title, host }: PodcastObject): Pick<ListedPodcast, 'title' | 'origin'> {
    const show = this.#broadcasts.all().find(({ podcast }) => podcast.id === id);
    const server = show?.channel.guild.name;
    return {
      title: ({ audience }) => oneLine(title) || audience.untitled({ id: String(id) }),
      origin: ({ audience }) => server ?? audience.host({ account: host }),
    };
  }

  #listed(podcast: PodcastObject, sinceMs: number): ListedPodcast {
    const { id, listeners, page } = podcast;
    return { id, listeners, page, sinceMs, ...this.named(podcast) };
  }

  #podcasts(): Promise<readonly PodcastObject[]> {
    const nowMs = performance.now();
    if (!this.#asked || nowMs - this.#askedMs > FRESH_MS) {
      const asked = listPodcasts(this.#relay, this.#account);
      this.#asked = asked;
      this.#askedMs = nowMs;
      asked.catch(() => {
        if (this.#asked === asked) this.#asked = undefined;
      });
    }
    return this.#asked;
  }
}
