/** Writes HTML in which everything put in is text, unless it is HTML of this kind itself. */

/** A piece of HTML; only `html` makes one. */
export class Html {
  readonly #source: string;

  constructor(strings: readonly string[], values: readonly Insertable[]) {
    this.#source = strings.reduce((source, next, index) => source + sourceOf(values[index - 1]) + next);
  }

  toString(): string {
    return this.#source;
  }
}

/** What may be put into HTML; `undefined` and `false` leave nothing there. */
export type Insertable = string | number | Html | readonly Html[] | undefined | false;

/**
 * The HTML that is written, with each value escaped: safe between tags and in attributes, which must have double quotes.
 * Not safe in a script or a style; there are none.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  return new Html(strings, values);
}

function sourceOf(value: Insertable): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.join('');
  return escaped(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A parser makes a line feed of it (HTML, "Normalizing newlines"), but not of its number.
  '\r': '&#13;',
  // No document can hold it (HTML, "unexpected-null-character").
  '\0': '\uFFFD',
};

function escaped(text: string): string {
  return text.toWellFormed().replace(/[&<>"\r\0]/g, (character) => ENTITIES[character] ?? '');
}
