import { describe, expect, test } from 'vitest';
import type { Catalogue, CommandKey } from '../../src/texts/catalogue.ts';
import { german } from '../../src/texts/de.ts';
import { english } from '../../src/texts/en.ts';
import { spanish } from '../../src/texts/es.ts';
import { french } from '../../src/texts/fr.ts';
import { japanese } from '../../src/texts/ja.ts';
import { CATALOGUES } from '../../src/texts/languages.ts';

/** Discord's limits, in characters: https://discord.com/developers/docs/interactions/application-commands. */
const DESCRIPTION_MAX = 100;
const CHOICE_MAX = 100;
/** How Discord has a name, besides the 32 characters: no capitals in a script that has both. */
const NAME = /^[-_\p{Ll}\p{Lm}\p{Lo}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const LANGUAGES: Readonly<Record<string, Catalogue>> = {
  English: english,
  German: german,
  French: french,
  Spanish: spanish,
  Japanese: japanese,
};
const TRANSLATIONS = Object.entries(LANGUAGES).filter(([, catalogue]) => catalogue !== english);

/** What is the same word in another language; the name of the bot's command is one for all, as people tell it to each other. */
const SAME_AS_IN_ENGLISH: Readonly<Record<string, readonly string[]>> = {
  German: ['podcast.name', 'status.name', 'listen.podcast.name'],
  French: ['podcast.name', 'volume.name', 'listen.podcast.name'],
  Spanish: ['podcast.name', 'listen.podcast.name'],
  Japanese: ['podcast.name'],
};

interface Texts {
  readonly name: string;
  readonly description: string;
  readonly choices?: Readonly<Record<string, string>>;
}

function entriesOf(catalogue: Catalogue): [CommandKey, Texts][] {
  return Object.entries(catalogue.commands) as [CommandKey, Texts][];
}

/** Every text of a language, by its place: `start.name`, `start.visibility.choices.public`. */
function textsOf(catalogue: Catalogue): Map<string, string> {
  return new Map(
    entriesOf(catalogue).flatMap(([key, { name, description, choices = {} }]): [string, string][] => [
      [`${key}.name`, name],
      [`${key}.description`, description],
      ...Object.entries(choices).map(([value, text]): [string, string] => [`${key}.choices.${value}`, text]),
    ]),
  );
}

function siblingNamesOf(catalogue: Catalogue): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [key, { name }] of entriesOf(catalogue)) {
    const parent = key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : '';
    names.set(parent, [...(names.get(parent) ?? []), name]);
  }
  return names;
}

test('the code reads commands and options by their English names', () => {
  for (const [key, { name }] of entriesOf(english)) expect(name).toBe(key.split('.').at(-1));
});

test('both Englishes have an entry, or one would see a fallback', () => {
  expect(Object.keys(CATALOGUES)).toEqual(expect.arrayContaining(['en-US', 'en-GB']));
  expect(new Set(Object.values(CATALOGUES))).toEqual(new Set(Object.values(LANGUAGES)));
});

describe.each(Object.entries(LANGUAGES))('the commands in %s', (_language, catalogue) => {
  test('have every text, within what Discord takes', () => {
    expect([...textsOf(catalogue).keys()]).toEqual([...textsOf(english).keys()]);
    for (const [place, text] of textsOf(catalogue)) {
      const limit = place.includes('.choices.') ? CHOICE_MAX : DESCRIPTION_MAX;
      expect(text, place).toMatch(/^\S(.*\S)?$/);
      expect(text.length, place).toBeLessThanOrEqual(limit);
    }
    for (const [key, { name }] of entriesOf(catalogue)) {
      expect(name, key).toMatch(NAME);
      expect(name, key).toBe(name.toLowerCase());
    }
  });

  test('have no two names alike in one place', () => {
    for (const names of siblingNamesOf(catalogue).values()) expect(new Set(names).size).toBe(names.length);
  });
});

test.each(TRANSLATIONS)(
  '%s is a translation, but for words that it shares with English',
  (name, catalogue) => {
    const inEnglish = textsOf(english);
    const same = [...textsOf(catalogue)].filter(([place, text]) => text === inEnglish.get(place));
    expect(same.map(([place]) => place).toSorted()).toEqual(SAME_AS_IN_ENGLISH[name]?.toSorted());
  },
);
