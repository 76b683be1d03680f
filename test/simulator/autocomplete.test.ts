import { setTimeout as pause } from 'node:timers/promises';
import {
  ApplicationCommandOptionType,
  Routes,
  type ApplicationCommandOptionChoiceData,
  type AutocompleteInteraction,
  type Interaction,
} from 'discord.js';
import { expect, test } from 'vitest';
import type { Channel } from '../../simulator/channel.ts';
import { CommandNotAllowed, CommandNotRegistered, NoResponse } from '../../simulator/command-errors.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import { logIn, onInteraction, startDiscord } from '../support/sim-bot.ts';

interface Scene {
  readonly guild: Guild;
  readonly text: Channel;
  readonly ann: Person;
}

const podcast = {
  name: 'podcast',
  description: 'Broadcasts',
  options: [
    {
      type: ApplicationCommandOptionType.Subcommand as const,
      name: 'listen',
      description: 'Listens',
      options: [
        {
          type: ApplicationCommandOptionType.String as const,
          name: 'podcast',
          description: 'Which',
          required: true,
          autocomplete: true as const,
        },
        {
          type: ApplicationCommandOptionType.Integer as const,
          name: 'episode',
          description: 'Which of its episodes',
          autocomplete: true as const,
        },
        { type: ApplicationCommandOptionType.String as const, name: 'note', description: 'To oneself' },
      ],
    },
  ],
};

async function withBot(act: (interaction: Interaction) => Promise<unknown>): Promise<Scene> {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild', { locale: 'ja' });
  const text = guild.addTextChannel('chat');
  const ann = guild.addPerson('Ann', { locale: 'de' });
  const client = await logIn(discord);
  onInteraction(client, act);
  await client.application.commands.set([podcast]);
  return { guild, text, ann };
}

function suggesting(
  suggest: (interaction: AutocompleteInteraction) => ApplicationCommandOptionChoiceData[],
): (interaction: Interaction) => Promise<unknown> {
  return async (interaction) => {
    if (interaction.isAutocomplete()) await interaction.respond(suggest(interaction));
    else if (interaction.isChatInputCommand()) {
      await interaction.reply(interaction.options.getString('podcast') ?? 'nothing');
    }
  };
}

test('what is typed so far is completed, and anything may be typed in the end', async () => {
  const { text, ann } = await withBot(
    suggesting(({ options, commandName }) => {
      const { name, value } = options.getFocused(true);
      const words = [commandName, options.getSubcommand(), options.getString('podcast'), name, value];
      return [
        { name: words.join(' '), nameLocalizations: { de: 'Stricken' }, value: name === 'episode' ? 7 : 'k' },
      ];
    }),
  );
  expect(await ann.autocomplete(text, 'podcast', 'listen', { podcast: 'knit' })).toEqual([
    { name: 'podcast listen knit podcast knit', name_localizations: { de: 'Stricken' }, value: 'k' },
  ]);
  expect(await ann.autocomplete(text, 'podcast', 'listen', { podcast: 'k', episode: 3 })).toMatchObject([
    { name: 'podcast listen k episode 3', value: 7 },
  ]);
  const answer = await ann.command(text, 'podcast', 'listen', { podcast: 'none of the choices' });
  expect(answer.content).toBe('none of the choices');
});

test('only options that are declared so are completed, and only for those who may use the command', async () => {
  const { text, ann, guild } = await withBot(suggesting(() => []));
  const type = async (path: string, values: Readonly<Record<string, string>>): Promise<unknown> =>
    await ann.autocomplete(text, 'podcast', path, values);
  expect(await type('listen', { podcast: '' })).toEqual([]);
  await expect(type('listen', { podcast: 'k', note: 'a' })).rejects.toThrow('note has no autocompletion');
  await expect(type('listen', { other: 'a' })).rejects.toThrow('/listen has no option other');
  await expect(type('stop', { podcast: 'a' })).rejects.toThrow(CommandNotRegistered);
  const secret = guild.addTextChannel('secret', { denyPeople: ['ViewChannel'] });
  await expect(ann.autocomplete(secret, 'podcast', 'listen', { podcast: '' })).rejects.toThrow(
    CommandNotAllowed,
  );
});

test('choices that Discord refuses are refused, each by its field', async () => {
  const errors: unknown[] = [];
  const good = { name: 'good', value: 'good' };
  const attempts: readonly (readonly [object, object])[] = [
    [Array.from({ length: 26 }, () => good), { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] }],
    [
      [good, { name: 'n'.repeat(101), value: 'v' }],
      { 1: { name: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } } },
    ],
    [[{ name: '', value: 'v' }], { 0: { name: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } } }],
    [
      [{ name: 'n', value: 'v'.repeat(101) }],
      { 0: { value: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } } },
    ],
    [[{ name: 'n', value: 3 }], { 0: { value: { _errors: [{ code: 'BASE_TYPE_REQUIRED' }] } } }],
    [
      [{ ...good, name_localizations: { de: 'n'.repeat(101) } }],
      { 0: { name_localizations: { de: { _errors: [{ code: 'BASE_TYPE_BAD_LENGTH' }] } } } },
    ],
  ];
  const { text, ann } = await withBot(async (interaction) => {
    if (!interaction.isAutocomplete()) return;
    const { id, token, client } = interaction;
    const call = async (body: object): Promise<unknown> =>
      await client.rest
        .post(Routes.interactionCallback(id, token), { body, auth: false })
        .catch((error: unknown) => errors.push(error));
    await call({ type: 4, data: { content: 'not a choice' } });
    for (const [choices] of attempts) await call({ type: 8, data: { choices } });
    await interaction.respond([good]);
  });
  expect(await ann.autocomplete(text, 'podcast', 'listen', { podcast: '' })).toEqual([good]);
  expect(errors).toHaveLength(attempts.length + 1);
  for (const error of errors) expect(error).toMatchObject({ status: 400, code: 50_035 });
  attempts.forEach(([, choices], index) => {
    expect(errors[index + 1]).toMatchObject({ rawError: { errors: { data: { choices } } } });
  });
});

test('a command is not answered with choices, nor choices by who is late', { timeout: 15_000 }, async () => {
  const errors: unknown[] = [];
  const { text, ann } = await withBot(async (interaction) => {
    if (interaction.isAutocomplete()) {
      await pause(3100);
      await interaction.respond([]).catch((error: unknown) => errors.push(error));
    } else if (interaction.isChatInputCommand()) {
      const { id, token, client } = interaction;
      const body = { type: 8, data: { choices: [] } };
      const post = client.rest.post(Routes.interactionCallback(id, token), { body, auth: false });
      await post.catch((error: unknown) => errors.push(error));
      await interaction.reply('an answer');
    }
  });
  expect((await ann.command(text, 'podcast', 'listen', { podcast: 'k' })).content).toBe('an answer');
  expect(errors).toMatchObject([{ code: 50_035 }]);
  await expect(ann.autocomplete(text, 'podcast', 'listen', { podcast: 'k' })).rejects.toThrow(NoResponse);
  await expect.poll(() => errors).toMatchObject([{ code: 50_035 }, { code: 10_062 }]);
});

test('an option cannot have choices and complete them too', async () => {
  const discord = await startDiscord();
  const client = await logIn(discord);
  const option = {
    type: 3,
    name: 'which',
    description: 'x',
    autocomplete: true,
    choices: [{ name: 'a', value: 'a' }],
  };
  const body = [{ name: 'torn', description: 'x', options: [option] }];
  await expect(
    client.rest.put(Routes.applicationCommands(client.application.id), { body }),
  ).rejects.toMatchObject({ code: 50_035 });
});

test('the languages of a person and of a guild are told', async () => {
  const locales: string[] = [];
  const { text, ann, guild } = await withBot(async (interaction) => {
    locales.push(`${interaction.locale} ${interaction.guildLocale} ${interaction.guild?.preferredLocale}`);
    if (interaction.isAutocomplete()) await interaction.respond([]);
  });
  await ann.autocomplete(text, 'podcast', 'listen', { podcast: '' });
  await guild.addPerson('Ben').autocomplete(text, 'podcast', 'listen', { podcast: '' });
  expect(locales).toEqual(['de ja ja', 'en-US ja ja']);
});
