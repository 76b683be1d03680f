/** Keeps what the page knows, and does what follows from it: sound begins and ends, the relay is asked, the page shows. */
import { PodcastPoll, type PodcastAnswer, type Standing } from '../sound/podcast-poll.ts';
import type { PageClock } from '../sound/page-clock.ts';
import type { Sound, SoundEvents } from '../sound/sound.ts';
import { asksRelay, next, type Change, type Model, type Way } from './model.ts';

/** Of what only time changes: the clock on air, who has fallen silent. */
const TICK_MS = 250;

/** @param podcast what is known of it so far */
export type MakeSound = (way: Way, events: SoundEvents, podcast: Standing) => Sound;

export interface ConductorOptions {
  readonly model: Model;
  readonly clock: PageClock;
  readonly ask: () => Promise<PodcastAnswer>;
  readonly makeSound: MakeSound;
  /** Called after every change: it should do nothing where nothing has changed. */
  readonly show: (model: Model, nowMs: number) => void;
}

export class Conductor {
  readonly #options: ConductorOptions;
  readonly #poll: PodcastPoll;
  #model: Model;
  #visible = true;
  #playing: { readonly way: Way; sound: Sound | undefined } | undefined;

  constructor(options: ConductorOptions) {
    this.#options = options;
    this.#model = options.model;
    this.#poll = new PodcastPoll(options.ask, options.clock, (answer) =>
      this.change({ type: 'answer', answer }),
    );
  }

  get model(): Model {
    return this.#model;
  }

  /** @param visible whether somebody looks at the page */
  start(visible: boolean): void {
    this.#options.clock.every(TICK_MS, () => this.change({ type: 'tick' }));
    this.setVisible(visible);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.change({ type: 'tick' });
  }

  /** In the handler of a key or a button, sound begins in that handler. */
  change(change: Change): void {
    const { clock, show } = this.#options;
    this.#model = next(this.#model, change, clock.nowMs());
    this.#sound();
    if (asksRelay(this.#model, this.#visible)) this.#poll.start();
    else this.#poll.stop();
    show(this.#model, clock.nowMs());
  }

  #sound(): void {
    const way = this.#model.listening?.way;
    if (way !== this.#playing?.way) {
      const before = this.#playing;
      this.#playing = undefined;
      before?.sound?.stop();
      if (way) this.#begin(way);
    }
    const { muted, volumePercent } = this.#model;
    this.#playing?.sound?.setVolume(muted ? 0 : volumePercent / 100);
  }

  #begin(way: Way): void {
    const playing: { readonly way: Way; sound: Sound | undefined } = { way, sound: undefined };
    this.#playing = playing;
    const whilePlaying = (change: Change): void => {
      if (this.#playing === playing) this.change(change);
    };
    const events: SoundEvents = {
      onState: (state) => whilePlaying({ type: 'sound', way, state }),
      onPodcast: (facts) => whilePlaying({ type: 'facts', facts }),
      onLevels: (levels) => whilePlaying({ type: 'levels', levels }),
      onQuality: (quality) => whilePlaying({ type: 'quality', quality }),
    };
    playing.sound = this.#options.makeSound(way, events, this.#model.facts.standing);
    playing.sound.start().catch(() => whilePlaying({ type: 'sound', way, state: 'unable' }));
  }
}
