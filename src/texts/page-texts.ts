/** The words of the page alone, in every language: a browser is not given what the bot says. */
import type { Catalogue } from './catalogue.ts';
import { page as german } from './de/page.ts';
import { page as english } from './en/page.ts';
import { page as spanish } from './es/page.ts';
import { page as french } from './fr/page.ts';
import { page as japanese } from './ja/page.ts';

export type PageTexts = Catalogue['page'];

/** By language, without a region. */
const PAGE_TEXTS: ReadonlyMap<string, PageTexts> = new Map([
  ['en', english],
  ['de', german],
  ['fr', french],
  ['es', spanish],
  ['ja', japanese],
]);

/** @param tag a BCP 47 tag @returns undefined for a language that we do not speak */
export function pageTextsIn(tag: string): PageTexts | undefined {
  const [language = ''] = tag.toLowerCase().split('-');
  return PAGE_TEXTS.get(language);
}

/** English for a language that we do not speak. @param tag a BCP 47 tag, as `<html lang>` has one */
export function pageTextsFor(tag: string): PageTexts {
  return pageTextsIn(tag) ?? english;
}
