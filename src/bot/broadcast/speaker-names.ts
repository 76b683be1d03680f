/** Tells a podcast's listeners who speaks, by the names that people have in the guild: all of them again whenever that changes. */
import { SPEAKER_NAME_MAX_CHARACTERS, SPEAKERS_MAX } from '../../protocol/limits.ts';
import type { NamedSpeaker } from '../../protocol/podcast-facts.ts';
import { beginningOf } from '../plain-text.ts';
import { type Clock, systemClock } from '../system-clock.ts';
import type { HeardSpeaker } from './speakers.ts';

/** Every relay takes at least one list a second, and tells listeners no more often. */
const GAP_MS = 1000;

export interface SpeakerNamesOptions {
  readonly clock?: Pick<Clock, 'nowMs' | 'after'>;
  /** Whether names are shown at all. */
  readonly mayName: () => boolean;
  /** Who is heard, as it is now: nobody who is off air. */
  readonly present: () => readonly HeardSpeaker[];
  /** As Discord shows it in the guild; undefined where it is not known. */
  readonly nameOf: (userId: string) => string | undefined;
  /** At most once a second. */
  readonly say: (speakers: readonly NamedSpeaker[]) => void;
}

export class SpeakerNames {
  readonly #options: SpeakerNamesOptions;
  readonly #clock: Pick<Clock, 'nowMs' | 'after'>;
  #said = '[]';
  #saidMs = -Infinity;
  #isDue = false;

  constructor(options: SpeakerNamesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Somebody came, left, is heard under another SSRC, has another name, or may be named no longer. */
  changed(): void {
    if (this.#isDue) return;
    const waitMs = this.#saidMs + GAP_MS - this.#clock.nowMs();
    if (waitMs <= 0) return this.#say();
    this.#isDue = true;
    this.#clock.after(waitMs, () => {
      this.#isDue = false;
      this.#say();
    });
  }

  #say(): void {
    const speakers = this.#named();
    const said = JSON.stringify(speakers);
    if (said === this.#said) return;
    this.#said = said;
    this.#saidMs = this.#clock.nowMs();
    this.#options.say(speakers);
  }

  #named(): NamedSpeaker[] {
    const { mayName, present, nameOf } = this.#options;
    const named = (mayName() ? present() : []).flatMap(({ userId, ssrc }) => {
      const name = nameOf(userId);
      return name === undefined ? [] : [{ ssrc, name: beginningOf(name, SPEAKER_NAME_MAX_CHARACTERS) }];
    });
    return named.slice(0, SPEAKERS_MAX);
  }
}
