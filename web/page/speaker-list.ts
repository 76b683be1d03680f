/** The list of who is heard: one row a place, which is changed and not replaced. */
import type { PageTexts } from '../../src/texts/page-texts.ts';
import { setText } from './page-elements.ts';
import type { SpeakerView } from './view.ts';

interface Row {
  readonly item: HTMLLIElement;
  readonly name: HTMLElement;
  readonly meter: HTMLElement;
  readonly speaks: HTMLElement;
}

export class SpeakerList {
  readonly #list: HTMLUListElement;
  readonly #texts: PageTexts['speakers'];
  readonly #rows: Row[] = [];

  constructor(list: HTMLUListElement, texts: PageTexts['speakers']) {
    this.#list = list;
    this.#texts = texts;
    new ResizeObserver(() => this.#letScroll()).observe(list);
  }

  show(speakers: readonly (SpeakerView | undefined)[]): void {
    const rows = this.#rows.length;
    while (this.#rows.length > speakers.length) this.#rows.pop()?.item.remove();
    speakers.forEach((speaker, place) => fill(this.#row(place), speaker, this.#texts.speaking));
    if (this.#rows.length !== rows) this.#letScroll();
  }

  /** Whoever has no pointer scrolls it with the keys. */
  #letScroll(): void {
    const { scrollHeight, clientHeight } = this.#list;
    if (scrollHeight > clientHeight) this.#list.tabIndex = 0;
    else this.#list.removeAttribute('tabindex');
  }

  #row(place: number): Row {
    const existing = this.#rows[place];
    if (existing) return existing;
    const item = document.createElement('li');
    const row = {
      item,
      name: part(item, 'name'),
      speaks: part(item, 'unseen'),
      meter: part(item, 'meter'),
    };
    // Names may be in any script.
    row.name.dir = 'auto';
    row.meter.ariaHidden = 'true';
    this.#rows.push(row);
    this.#list.append(item);
    return row;
  }
}

function part(item: HTMLLIElement, className: string): HTMLElement {
  const span = document.createElement('span');
  span.className = className;
  item.append(span);
  return span;
}

function fill({ item, name, meter, speaks }: Row, speaker: SpeakerView | undefined, speaking: string): void {
  // An empty place keeps its height; for who does not see it, it is not there.
  item.ariaHidden = speaker ? null : 'true';
  item.classList.toggle('empty', !speaker);
  item.classList.toggle('speaking', speaker?.speaking ?? false);
  setText(name, speaker?.name ?? '');
  setText(speaks, speaker?.speaking ? ` (${speaking})` : '');
  meter.style.setProperty('--level', (speaker?.level ?? 0).toFixed(2));
}
