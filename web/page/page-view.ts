/** Puts a view into the document: only what differs is touched. */
import type { PageTexts } from '../../src/texts/page-texts.ts';
import { element, setAttribute, setText } from './page-elements.ts';
import { SpeakerList } from './speaker-list.ts';
import type { View } from './view.ts';

/** Of the dial, from its foot to its top. */
const TICKS = 30;
/** As `style/podcast.css` has it. */
const GONE_WHEN_OVER = '#loudness, #voices, #ways, #help';

export class PageView {
  readonly #main = element('podcast', HTMLElement);
  readonly #title = element('title', HTMLElement);
  readonly #guild = element('guild', HTMLElement);
  readonly #state = element('state', HTMLElement);
  readonly #since = element('since', HTMLElement);
  readonly #listeners = element('listeners', HTMLElement);
  readonly #play = element('play', HTMLButtonElement);
  readonly #message = element('message', HTMLElement);
  readonly #connection = element('connection', HTMLElement);
  readonly #delay = element('delay', HTMLElement);
  readonly #quality = element('quality', HTMLElement);
  readonly #mute = element('mute', HTMLButtonElement);
  readonly #volume = element('volume', HTMLInputElement);
  readonly #nobody = element('nobody', HTMLElement);
  readonly #speakers: SpeakerList;
  #ticks = 0;

  constructor(texts: PageTexts) {
    this.#speakers = new SpeakerList(element('speakers', HTMLUListElement), texts.speakers);
  }

  show(view: View): void {
    if (document.title !== view.windowTitle) document.title = view.windowTitle;
    // What is hidden when it is over loses the focus.
    if (view.mood === 'over' && document.activeElement?.closest(GONE_WHEN_OVER)) this.#play.focus();
    setAttribute(this.#main, 'data-state', view.state);
    setAttribute(this.#main, 'data-mood', view.mood);
    setAttribute(this.#main, 'data-on-air', String(view.onAir));
    setText(this.#title, view.title);
    setText(this.#guild, view.guild);
    this.#guild.hidden = view.guild === '';
    setText(this.#state, view.standing);
    setText(this.#since, view.onAirFor);
    setText(this.#listeners, view.listeners);
    setText(this.#message, view.message);
    setAttribute(this.#connection, 'data-quality', view.connection.grade);
    setText(this.#delay, view.connection.way);
    setText(this.#quality, view.connection.quality);
    this.#showPlayer(view);
    setText(this.#nobody, view.noSpeakers);
    this.#nobody.hidden = view.noSpeakers === '';
    this.#speakers.show(view.speakers);
  }

  #showPlayer({ button, volume, muted, loudness }: View): void {
    setAttribute(this.#play, 'aria-label', button.label);
    setAttribute(this.#play, 'data-glyph', button.stops ? 'stop' : 'play');
    // Not `disabled`: the focus would be lost when the show ends.
    setAttribute(this.#play, 'aria-disabled', String(!button.enabled));
    setAttribute(this.#mute, 'aria-label', volume.muteLabel);
    setAttribute(this.#mute, 'data-muted', String(muted));
    if (this.#volume.valueAsNumber !== volume.percent) this.#volume.valueAsNumber = volume.percent;
    setAttribute(this.#volume, 'aria-valuetext', volume.text);
    this.#volume.style.setProperty('--percent', String(volume.percent));
    this.#volume.hidden = !volume.isSettable;
    const ticks = Math.round(loudness * TICKS);
    if (ticks !== this.#ticks) this.#play.style.setProperty('--ticks', String(ticks));
    this.#ticks = ticks;
  }
}
