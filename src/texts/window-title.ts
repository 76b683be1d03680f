/** What stands above a page, in the window or tab of a browser. */

export const SITE_NAME = 'Guildcast';

/** Marks that turn the direction of text (Unicode UAX #9 §2), which would reach beyond a title. */
const BIDI_CONTROLS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** @param title of what is on the page; empty where it has none */
export function windowTitle(title: string): string {
  const plain = title.replace(BIDI_CONTROLS, '');
  return plain === '' ? SITE_NAME : `${plain} · ${SITE_NAME}`;
}
