/** Asks the relay how a podcast is (`GET /p/ID/podcast.json`), for as long as nothing else tells. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import type { PodcastObject } from '../../src/protocol/rest.ts';
import type { PageClock } from './page-clock.ts';

const PERIOD_MS = 15_000;

/** What is known of a podcast. `ended` and `unknown` are for good. */
export type Standing = PodcastFacts['state'] | 'ended' | 'unknown';

/**
 * `over`: it was, and is no more. `unknown`: there is none, or not for us. `busy`: too many ask from here. `unreachable`: no
 * answer that says anything of it.
 */
export type PodcastAnswer =
  | {
      readonly kind: 'facts';
      readonly facts: PodcastFacts;
      /** How far the relay's clock is ahead of ours, to a second. */
      readonly aheadMs: number;
    }
  | { readonly kind: 'over' | 'unknown' | 'busy' | 'unreachable' };

/** What a relay may leave out, because it is older than the page or simpler than ours. */
type AnsweredPodcast = Pick<PodcastObject, 'active_since' | 'listeners'> & Partial<PodcastObject>;

export function factsOf(podcast: AnsweredPodcast): PodcastFacts {
  const { active_since: activeSinceMs, title = '', listeners, listeners_by: by } = podcast;
  return {
    state: podcast.state ?? (activeSinceMs === null ? 'created' : 'live'),
    title,
    guild: podcast.guild ?? '',
    activeSinceMs,
    listeners,
    listenersBy: by ?? { websocket: listeners, udp: 0, guilds: 0, page: 0, radio: 0, hls: 0 },
    speakers: [],
  };
}

/** @param url of `GET /p/ID/podcast.json`, with the key of a private podcast in it */
export async function askPodcast(url: string): Promise<PodcastAnswer> {
  try {
    const response = await fetch(url, { cache: 'no-store' });
    if (response.status === 429) return { kind: 'busy' };
    // What is no JSON comes from something in between, whatever its status.
    const body: unknown = await response.json();
    if (!response.ok) return { kind: kindOf(body) };
    const relayMs = Date.parse(response.headers.get('date') ?? '');
    const aheadMs = Number.isNaN(relayMs) ? 0 : relayMs - Date.now();
    return { kind: 'facts', facts: factsOf(body as AnsweredPodcast), aheadMs };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** @param body of an answer that is an error */
function kindOf(body: unknown): 'over' | 'unknown' | 'unreachable' {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  if (error === 'podcast_ended') return 'over';
  return error === 'unknown_podcast' ? 'unknown' : 'unreachable';
}

/** Asks at once, then every 15 s until it is stopped. An answer that comes after that counts for nothing. */
export class PodcastPoll {
  readonly #ask: () => Promise<PodcastAnswer>;
  readonly #clock: PageClock;
  readonly #onAnswer: (answer: PodcastAnswer) => void;
  #cancel: (() => void) | undefined;

  constructor(
    ask: () => Promise<PodcastAnswer>,
    clock: PageClock,
    onAnswer: (answer: PodcastAnswer) => void,
  ) {
    this.#ask = ask;
    this.#clock = clock;
    this.#onAnswer = onAnswer;
  }

  /** Of no effect while it runs. */
  start(): void {
    if (this.#cancel) return;
    const cancel = this.#clock.every(PERIOD_MS, () => void this.#once(cancel));
    this.#cancel = cancel;
    void this.#once(cancel);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #once(run: () => void): Promise<void> {
    const answer = await this.#ask();
    if (this.#cancel === run) this.#onAnswer(answer);
  }
}
