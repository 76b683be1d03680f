/** Which languages there are, and which of them a Discord locale gets. */
import type { Catalogue } from './catalogue.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { french } from './fr.ts';
import { japanese } from './ja.ts';

/** By Discord's locales; a region that Discord tells apart has its own entry, even where the words are the same. */
export const CATALOGUES = {
  // Without its own entry each of the two Englishes would get the other's.
  'en-US': english,
  'en-GB': english,
  de: german,
  fr: french,
  'es-ES': spanish,
  'es-419': spanish,
  ja: japanese,
} as const satisfies Readonly<Record<string, Catalogue>>;

/** A locale of Discord's in whose language the bot speaks. */
export type KnownLocale = keyof typeof CATALOGUES;

/** What `pick` finds in each locale's catalogue: the shape of Discord's localisations. */
export function inEveryLocale(pick: (catalogue: Catalogue) => string): Record<KnownLocale, string> {
  const entries = Object.entries(CATALOGUES).map(([locale, catalogue]) => [locale, pick(catalogue)]);
  return Object.fromEntries(entries) as Record<KnownLocale, string>;
}

/** @param locale a BCP 47 tag, as Discord and browsers give one; English for a language that we do not speak */
export function catalogueFor(locale: string): Catalogue {
  const [language] = locale.split('-');
  const known = Object.entries(CATALOGUES).find(([ours]) => ours.split('-')[0] === language);
  return known?.[1] ?? english;
}
