/** Words that people chose, as Discord shows them among ours: one line, and nothing of it formatting, a link or a mention. Pure. */

/** Blanks and control characters, and those that turn the direction of what follows them. */
const BLANKS = /[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;
/**
 * Everything that Discord's Markdown reads anywhere in a line; the slash keeps links and invites from being found.
 * discord.js's `escapeMarkdown` leaves links be, or escapes the first of a line alone.
 */
const MARKS = /[\\`*_~|[\]()<>/]/g;
/** What Discord reads at the beginning of a line: headings, small print, lists. */
const LINE_MARKS = /^(\d*)([#+.-])/;

/** In one line: for where nothing is read as Markdown, such as suggestions. */
export function oneLine(text: string): string {
  return text.replaceAll(BLANKS, ' ').trim();
}

/** In one line, and shown in a message as it is. @param text a title, a server's or a person's name */
export function plain(text: string): string {
  return oneLine(text)
    .replaceAll(MARKS, String.raw`\$&`)
    .replace(LINE_MARKS, String.raw`$1\$2`);
}

/** As much of the beginning as there is room for, by whole characters: half an emoji is no text. @param max in UTF-16 units, as Discord counts */
export function beginningOf(text: string, max: number): string {
  let beginning = '';
  for (const character of text) {
    if (beginning.length + character.length > max) break;
    beginning += character;
  }
  return beginning;
}
