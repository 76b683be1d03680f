/** Gives the builders of slash commands their names and descriptions, in every language. */
import type { APIApplicationCommandOptionChoice, SharedNameAndDescription } from 'discord.js';
import type { ChoiceOf, ChoosingKey, CommandKey } from '../texts/catalogue.ts';
import { english } from '../texts/en.ts';
import { inEveryLocale } from '../texts/languages.ts';

/** Sets name, description and the localisations of both; an interaction carries the English name. @returns the builder */
export function described<Builder extends SharedNameAndDescription>(
  builder: Builder,
  key: CommandKey,
): Builder {
  const { name, description } = english.commands[key];
  return builder
    .setName(name)
    .setNameLocalizations(inEveryLocale(({ commands }) => commands[key].name))
    .setDescription(description)
    .setDescriptionLocalizations(inEveryLocale(({ commands }) => commands[key].description));
}

/** One value of an option, with the name that people see. */
export function choice<K extends ChoosingKey, Value extends ChoiceOf<K>>(
  key: K,
  value: Value,
): APIApplicationCommandOptionChoice<Value> {
  const nameIn = inEveryLocale(({ commands }) => {
    const choices = commands[key].choices as Readonly<Record<ChoiceOf<K>, string>>;
    return choices[value];
  });
  return { name: nameIn['en-US'], name_localizations: nameIn, value };
}
