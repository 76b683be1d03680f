import {
  type APIApplicationCommandOption,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import { describe, expect, test } from 'vitest';
import { startWorld } from '../support/on-air.ts';

/** Discord's limits on a command, in characters. */
const NAME_MAX = 32;
const DESCRIPTION_MAX = 100;
const COMMAND_MAX = 8000;

/** What has a name that people see: a command, a subcommand, an option, a choice. */
interface Named {
  readonly name: string;
  readonly description?: string;
  readonly value?: string | number;
  readonly options?: readonly APIApplicationCommandOption[];
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
}

function everythingIn(named: Named): Named[] {
  const inside: readonly Named[] = [...(named.options ?? []), ...(named.choices ?? [])];
  return [named, ...inside.flatMap(everythingIn)];
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
  test('are for servers alone, for those who manage events, and by their four names', async () => {
    const commands = await registered();
    expect(commands).toMatchObject([
      {
        name: 'podcast',
        contexts: [InteractionContextType.Guild],
        integration_types: [ApplicationIntegrationType.GuildInstall],
        default_member_permissions: PermissionFlagsBits.ManageEvents.toString(),
      },
    ]);
    const names = commands[0]?.options?.map(({ name }) => name);
    expect(names).toEqual(['start', 'stop', 'status', 'invite']);
  });

  test('have texts that Discord takes', async () => {
    for (const command of await registered()) {
      const all = everythingIn(command as Named);
      let characters = 0;
      for (const { name, description, value } of all) {
        const isChoice = value !== undefined;
        expect(name.length).toBeLessThanOrEqual(isChoice ? DESCRIPTION_MAX : NAME_MAX);
        if (!isChoice) {
          expect(name).toMatch(/^[\p{Ll}\p{N}_-]+$/u);
          expect(description).toMatch(/^[A-Z]/);
          expect(description!.length).toBeLessThanOrEqual(DESCRIPTION_MAX);
        }
        characters += name.length + (description?.length ?? 0) + String(value ?? '').length;
      }
      expect(characters).toBeLessThanOrEqual(COMMAND_MAX);
    }
  });
});
