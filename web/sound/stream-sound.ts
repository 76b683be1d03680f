/** Plays a podcast as an HTTP stream or as HLS on an audio element: for browsers that cannot have its packets. */
import type { PageClock } from './page-clock.ts';
import { PodcastPoll, type PodcastAnswer, type Standing } from './podcast-poll.ts';
import type { Sound, SoundEvents, SoundState } from './sound.ts';

const TICK_MS = 1000;
/** So long without a move forward is a stall. HLS plays from some 10 s back, and may have to wait for a segment of 6 s. */
const STALL_MS = 10_000;
const BACKOFF_FIRST_MS = 1000;
const BACKOFF_MAX_MS = 15_000;
/** Played so long, the next trouble is a new one. */
const STEADY_MS = 30_000;

/** What is used of an `HTMLAudioElement`. */
export interface StreamElement {
  src: string;
  /** 0 … 1; phones leave it as it is. */
  volume: number;
  muted: boolean;
  /** s. */
  readonly currentTime: number;
  readonly ended: boolean;
  play(): Promise<void>;
  pause(): void;
  load(): void;
  removeAttribute(name: string): void;
  addEventListener(type: 'error' | 'ended' | 'pause', listener: () => void): void;
  removeEventListener(type: 'error' | 'ended' | 'pause', listener: () => void): void;
}

export interface StreamSoundOptions {
  /** It keeps its right to play when the browser has once let it: one for the whole page. */
  readonly element: StreamElement;
  /** At least one, the best first: the next is tried where one fails. */
  readonly addresses: readonly string[];
  /** What is known of the podcast at first; the rest comes from `ask`. */
  readonly podcast: Standing;
  readonly ask: () => Promise<PodcastAnswer>;
  readonly events: SoundEvents;
  /** Somebody else stopped it: a headset was unplugged, a call came in. */
  readonly onPaused: () => void;
  readonly clock: PageClock;
}

export class StreamSound implements Sound {
  readonly #options: StreamSoundOptions;
  readonly #poll: PodcastPoll;
  #running = false;
  #stopTicks: (() => void) | undefined;
  #state: SoundState | undefined;
  /** As it was answered last: what is no answer changes nothing. */
  #podcast: Standing;
  /** Of the present try; undefined between two. */
  #tryingSinceMs: number | undefined;
  #retryAtMs = 0;
  #failures = 0;
  #movedAtMs = 0;
  #playingSinceMs: number | undefined;
  #positionS = 0;

  constructor(options: StreamSoundOptions) {
    this.#options = options;
    this.#podcast = options.podcast;
    this.#poll = new PodcastPoll(options.ask, options.clock, (answer) => this.#answered(answer));
  }

  start(): Promise<void> {
    if (this.#running) return Promise.resolve();
    this.#running = true;
    this.#failures = 0;
    this.#state = undefined;
    const { element, clock } = this.#options;
    element.addEventListener('error', this.#failed);
    element.addEventListener('ended', this.#failed);
    element.addEventListener('pause', this.#paused);
    this.#stopTicks = clock.every(TICK_MS, () => this.#tick());
    this.#say('connecting');
    this.#poll.start();
    return this.#try();
  }

  /** Lets go of the stream, so that the next start is at the live edge again. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    const { element } = this.#options;
    element.removeEventListener('error', this.#failed);
    element.removeEventListener('ended', this.#failed);
    element.removeEventListener('pause', this.#paused);
    this.#stopTicks?.();
    this.#poll.stop();
    this.#letGo();
  }

  setVolume(volume: number): void {
    const { element } = this.#options;
    // As the other way has it: the ear hears about the square.
    element.volume = Math.min(1, Math.max(0, volume)) ** 2;
    element.muted = volume <= 0;
  }

  async #try(): Promise<void> {
    const { element, addresses, clock } = this.#options;
    const sinceMs = clock.nowMs();
    this.#tryingSinceMs = sinceMs;
    this.#movedAtMs = sinceMs;
    this.#playingSinceMs = undefined;
    this.#positionS = 0;
    element.src = addresses[this.#failures % addresses.length] ?? '';
    try {
      await element.play();
    } catch (error) {
      if (!this.#running || this.#tryingSinceMs !== sinceMs) return;
      // Only a person can begin it now, with the button.
      if (error instanceof Error && error.name === 'NotAllowedError') this.#options.onPaused();
      else this.#failed();
    }
  }

  readonly #failed = (): void => {
    if (this.#tryingSinceMs === undefined) return;
    this.#letGo();
    const waitMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#retryAtMs = this.#options.clock.nowMs() + waitMs;
    this.#show();
    // It may well be over.
    this.#poll.stop();
    this.#poll.start();
  };

  readonly #paused = (): void => {
    // It also pauses where a stream ends, and says so itself.
    if (this.#playingSinceMs !== undefined && !this.#options.element.ended) this.#options.onPaused();
  };

  #letGo(): void {
    const { element } = this.#options;
    this.#tryingSinceMs = undefined;
    this.#playingSinceMs = undefined;
    element.pause();
    element.removeAttribute('src');
    element.load();
  }

  #answered(answer: PodcastAnswer): void {
    if (answer.kind === 'facts') {
      this.#podcast = answer.facts.state;
      this.#options.events.onPodcast?.(answer.facts);
    } else if (answer.kind === 'over') this.#podcast = 'ended';
    else if (answer.kind === 'unknown') this.#podcast = 'unknown';
    this.#show();
  }

  #tick(): void {
    const nowMs = this.#options.clock.nowMs();
    if (this.#tryingSinceMs === undefined) {
      if (nowMs >= this.#retryAtMs) void this.#try();
      return;
    }
    const { currentTime } = this.#options.element;
    if (currentTime > this.#positionS) {
      this.#positionS = currentTime;
      this.#movedAtMs = nowMs;
      this.#playingSinceMs ??= nowMs;
      if (nowMs - this.#playingSinceMs >= STEADY_MS) this.#failures = 0;
      this.#show();
    } else if (nowMs - this.#movedAtMs >= STALL_MS) this.#failed();
  }

  /** What the podcast is, and whether we hear it, as one state. */
  #show(): void {
    const podcast = this.#podcast;
    if (podcast === 'ended') return this.#end('ended');
    if (podcast === 'unknown') return this.#end('refused');
    if (this.#playingSinceMs === undefined) {
      return this.#say(this.#failures > 0 || this.#state === 'playing' ? 'reconnecting' : 'connecting');
    }
    this.#say(({ created: 'waiting', live: 'playing', interrupted: 'interrupted' } as const)[podcast]);
  }

  #end(state: 'ended' | 'refused'): void {
    this.stop();
    this.#say(state);
  }

  #say(state: SoundState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.events.onState(state);
  }
}
