import {
  type APIApplicationCommandOption,
  ApplicationIntegrationType,
  InteractionContextType,
  type LocalizationMap,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { describe, expect, test } from 'vitest';
import { english } from '../../src/texts/en.ts';
import { CATALOGUES } from '../../src/texts/languages.ts';
import { startWorld } from '../support/on-air.ts';

/** Discord's limit on a command, in characters. Of each text its longest localisation counts. */
const COMMAND_MAX = 8000;

/** What has a name that people see: a command, a subcommand, an option, a choice. */
interface Named {
  readonly name: string;
  readonly name_localizations?: LocalizationMap | null | undefined;
  readonly description?: string;
  readonly description_localizations?: LocalizationMap | null | undefined;
  readonly value?: string | number;
  readonly options?: readonly APIApplicationCommandOption[];
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
}

function everythingIn(named: Named): Named[] {
  const inside: readonly Named[] = [...(named.options ?? []), ...(named.choices ?? [])];
  return [named, ...inside.flatMap(everythingIn)];
}

/** How the catalogue calls what is in a command: `start`, `start.visibility`, and its choice as `start.visibility=public`. */
function keysBelow({ options = [], choices = [] }: Named, path: string): string[] {
  return [
    ...options.flatMap((option) => {
      const key = path + option.name;
      return [key, ...keysBelow(option, `${key}.`)];
    }),
    ...choices.map(({ value }) => `${path.slice(0, -1)}=${value}`),
  ];
}

interface CommandTexts {
  readonly name: string;
  readonly choices?: Readonly<Record<string, string>>;
}

async function registered(): Promise<RESTPostAPIChatInputApplicationCommandsJSONBody[]> {
  const { discord } = await startWorld();
  const puts = discord.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands'));
  expect(puts.map(({ path, status }) => [path, status])).toEqual([
    [`/applications/${discord.bot.id}/commands`, 200],
  ]);
  return puts[0]!.body as unknown as RESTPostAPIChatInputApplicationCommandsJSONBody[];
}

describe('the registered commands', () => {
  test('are for servers alone, and for everybody there', async () => {
    const commands = await registered();
    expect(commands).toMatchObject([
      {
        name: 'podcast',
        contexts: [InteractionContextType.Guild],
        integration_types: [ApplicationIntegrationType.GuildInstall],
      },
    ]);
    // What not everybody may do refuses in a sentence: who may not see the command cannot be told why.
    expect(commands[0]?.default_member_permissions ?? null).toBeNull();
  });

  test('are those that the catalogue has texts for: commands, options and choices', async () => {
    const keys = (await registered()).flatMap((command) => [
      command.name,
      ...keysBelow(command as Named, ''),
    ]);
    const inCatalogue = Object.entries<CommandTexts>(english.commands).flatMap(([key, { choices = {} }]) => [
      key,
      ...Object.keys(choices).map((value) => `${key}=${value}`),
    ]);
    expect(keys.toSorted()).toEqual(inCatalogue.toSorted());
  });

  test('have their texts in every locale, each English too', async () => {
    const locales = Object.keys(CATALOGUES).toSorted();
    for (const named of (await registered()).flatMap((command) => everythingIn(command as Named))) {
      const { name, name_localizations: names, description, description_localizations: descriptions } = named;
      expect(Object.keys(names ?? {}).toSorted(), name).toEqual(locales);
      expect(names).toMatchObject({ 'en-US': name, 'en-GB': name });
      // A choice has none.
      if (description === undefined) continue;
      expect(Object.keys(descriptions ?? {}).toSorted(), name).toEqual(locales);
      expect(descriptions).toMatchObject({ 'en-US': description, 'en-GB': description });
    }
  });

  test('are no longer than Discord takes, in the wordiest language', async () => {
    for (const command of await registered()) {
      const lengths = everythingIn(command as Named).map(
        ({ name, name_localizations, description = '', description_localizations, value = '' }) =>
          longest(name, name_localizations) +
          longest(description, description_localizations) +
          String(value).length,
      );
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(COMMAND_MAX);
    }
  });
});

function longest(text: string, localisations: LocalizationMap | null = {}): number {
  return Math.max(
    text.length,
    ...Object.values(localisations ?? {}).map((localised) => localised?.length ?? 0),
  );
}
