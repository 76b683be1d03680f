import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Catalogue } from '../../src/texts/catalogue.ts';
import { english } from '../../src/texts/en.ts';
import { CATALOGUES, type KnownLocale, catalogueFor } from '../../src/texts/languages.ts';

/** A message of Discord's holds no more. */
const MESSAGE_MAX = 2000;

/** Sentences in which a parameter is one of a fixed set of words. */
const GIVEN: Readonly<Record<string, readonly unknown[]>> = {
  'show.onAir': [{ title: '‹title›', visibility: 'unlisted', id: '‹id›' }],
  'relay.ended': [{ code: 4003, reason: 'The host left.' }],
  'voice.permissionsMissing': [
    { permissions: ['ViewChannel', 'Connect'], channel: '‹channel›', purpose: 'play' },
  ],
};

/** What is one and the same in a language and in English: words that they share, and numbers alone. */
const SAME_AS_IN_ENGLISH: Readonly<Partial<Record<KnownLocale, readonly string[]>>> = {
  fr: ['onAir.panel.visibility.public', 'page.howLong', 'page.player.volume'],
};

/** Groups of which one is said according to a value; the code does not name each. */
const LOOKED_UP = [
  'dropReasons',
  'closes',
  'visibility',
  'consent',
  'states',
  'quality',
  'before',
  'during',
  'way',
  'messages',
];

/** Not for people to read. */
const NOT_WORDS = ['onAir.language', 'page.language'];

/**
 * Stands for any parameter: a text or a list of texts that can be found again in a sentence, a number where one is needed, or an object of such.
 * @param count what it is as a number, and, from 1 to 3, as the length of a list
 */
function anything(name: string, count: number): unknown {
  const mark = `‹${name}›`;
  const list = Array.from({ length: Math.min(Math.max(count, 1), 3) }, () => mark);
  const members: Readonly<Record<PropertyKey, unknown>> = {
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? count : mark),
    [Symbol.iterator]: () => list.values(),
    length: list.length,
    join: (separator: string) => list.join(separator),
    map: (each: (item: unknown) => unknown) =>
      list.map((_item, index) => each(anything(`${name}[${index}]`, count))),
  };
  return new Proxy(
    {},
    {
      get: (_target, key) =>
        members[key] ?? (typeof key === 'string' ? anything(`${name}.${key}`, count) : undefined),
    },
  );
}

/** Every sentence of a part of the catalogue, put into words with parameters that stand for anything, by its place. */
function sentencesOf(part: unknown, count: number, place: string): [string, string][] {
  if (typeof part === 'string') return [[place, part]];
  if (typeof part === 'function') {
    const sentence = part as (...parameters: readonly unknown[]) => unknown;
    const stand = Array.from({ length: sentence.length }, (_, index) => anything(String(index), count));
    return [[place, String(sentence(...(GIVEN[place] ?? stand)))]];
  }
  return Object.entries(part as object).flatMap(([key, inside]) =>
    sentencesOf(inside, count, `${place}.${key}`),
  );
}

function spoken(catalogue: Catalogue, count = 7): Map<string, string> {
  const topics = Object.entries(catalogue).filter(([topic]) => topic !== 'commands');
  const sentences = topics.flatMap(([topic, part]) => sentencesOf(part, count, topic));
  return new Map(sentences.filter(([place]) => !NOT_WORDS.includes(place)));
}

function marksIn(sentence: string): Set<string> {
  return new Set(sentence.match(/‹[^›]*›/g));
}

function filesBelow(folder: string): string[] {
  const root = resolve(import.meta.dirname, '../..', folder);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(root, file));
}

/** Every `/command subcommand` that a sentence tells people to type. */
function commandsIn(sentence: string): string[] {
  return [...sentence.matchAll(/`(\/[^`]+)`/g)].map(([, command = '']) => command);
}

const TRANSLATIONS = (Object.entries(CATALOGUES) as [KnownLocale, Catalogue][]).filter(
  ([, catalogue]) => catalogue !== english,
);

describe.each(Object.entries(CATALOGUES))('the sentences for %s', (_locale, catalogue) => {
  test.each([0, 1, 2, 7, 12_345])('are whole with %i of everything', (count) => {
    for (const [place, sentence] of spoken(catalogue, count)) {
      expect(sentence, place).toMatch(/^\S(.*\S)?$/su);
      expect(sentence, place).not.toMatch(/undefined|null|NaN|\[object|function|=>/);
      expect((sentence.match(/\*\*/g) ?? []).length % 2, place).toBe(0);
      expect((sentence.match(/`/g) ?? []).length % 2, place).toBe(0);
    }
  });

  test('are short enough for a message', () => {
    for (const [place, sentence] of spoken(catalogue))
      expect(sentence.length, place).toBeLessThan(MESSAGE_MAX);
  });

  test('tell people to type commands that there are, as their own client calls them', () => {
    const { podcast, ...subcommands } = catalogue.commands;
    const known = Object.entries(subcommands)
      .filter(([key]) => !key.includes('.'))
      .map(([, { name }]) => `/${podcast.name} ${name}`);
    const told = [...spoken(catalogue).values()].flatMap(commandsIn);
    expect(told.filter((command) => !known.includes(command))).toEqual([]);
    expect(told).not.toEqual([]);
  });
});

describe.each(TRANSLATIONS)('the sentences for %s', (locale, catalogue) => {
  test('say what the English ones say of their parameters', () => {
    const inEnglish = spoken(english);
    for (const [place, sentence] of spoken(catalogue))
      expect(marksIn(sentence), place).toEqual(marksIn(inEnglish.get(place) ?? ''));
  });

  test('are translations, but for words that the languages share', () => {
    const inEnglish = spoken(english);
    const same = [...spoken(catalogue)].filter(([place, sentence]) => sentence === inEnglish.get(place));
    expect(same.map(([place]) => place)).toEqual(SAME_AS_IN_ENGLISH[locale] ?? []);
  });
});

test('there is no sentence that nothing says', () => {
  const speaking = ['src/bot', 'commands', 'src/relay/page', 'web/page'];
  const code = speaking.flatMap(filesBelow).map((file) => readFileSync(file, 'utf8'));
  const words = new Set(code.join('\n').match(/[\w-]+/g));
  const isSaid = (place: string): boolean => {
    const path = place.split('.');
    return words.has(path.at(-1) ?? '') || LOOKED_UP.includes(path.at(-2) ?? '');
  };
  expect([...spoken(english).keys()].filter((place) => !isSaid(place))).toEqual([]);
});

test.each([
  ['en-US', 'en-US'],
  ['en-GB', 'en-GB'],
  ['es-419', 'es-419'],
  ['es', 'es-ES'],
  ['de-AT', 'de'],
  ['ja', 'ja'],
  ['pt-BR', 'en-US'],
  ['constructor', 'en-US'],
  ['', 'en-US'],
] as const)('who reads %s is spoken to as who reads %s', (locale, known) => {
  expect(catalogueFor(locale)).toBe(CATALOGUES[known]);
});

test('a count is written as the language writes it', () => {
  const going = { since: 'now', channel: 'here', listeners: 1, frames: 12_345 };
  expect(CATALOGUES['en-US'].show.goes(going)).toBe('Since now in here · 1 listener · 12,345 frames sent.');
  expect(CATALOGUES.de.show.goes(going)).toBe(
    'Begonnen now in here · 1 Person hört zu · 12.345 Frames gesendet.',
  );
  expect(CATALOGUES.fr.show.goes({ ...going, listeners: 0 })).toContain('0 auditeur ·');
});

test('every refusal and ending of the relay that people meet is said in their language', () => {
  const codes = ['unreachable', 'capacity', 'rate_limited', 'going_away', 'unknown_podcast', 'internal'];
  for (const [locale, { relay }] of TRANSLATIONS) {
    for (const code of codes)
      expect(relay.refused({ code, message: 'In English.' }), locale).not.toContain('English');
    for (const code of [1006, 1011, 4003, 4006, 4009, 4010])
      expect(relay.ended({ code, reason: 'In English.' }), locale).not.toContain('English');
  }
});
