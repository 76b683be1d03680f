import { setTimeout as pause } from 'node:timers/promises';
import {
  ActionRowBuilder,
  ApplicationCommandOptionType,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  MessageFlags,
  ModalBuilder,
  PermissionFlagsBits,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
  type ApplicationCommandDataResolvable,
  type Interaction,
} from 'discord.js';
import { expect, test } from 'vitest';
import type { Channel } from '../../simulator/channel.ts';
import {
  CommandNotAllowed,
  CommandNotRegistered,
  ComponentNotThere,
  NoResponse,
} from '../../simulator/command-errors.ts';
import type { SimulatedDiscord } from '../../simulator/discord.ts';
import type { Guild } from '../../simulator/guild.ts';
import type { Person } from '../../simulator/person.ts';
import { logIn, onInteraction, startDiscord } from '../support/sim-bot.ts';

interface Scene {
  readonly discord: SimulatedDiscord;
  readonly guild: Guild;
  readonly text: Channel;
  readonly ann: Person;
}

async function withBot(
  commands: readonly ApplicationCommandDataResolvable[],
  act: (interaction: Interaction) => Promise<unknown>,
): Promise<Scene> {
  const discord = await startDiscord();
  const guild = discord.addGuild('Guild');
  const text = guild.addTextChannel('chat');
  const ann = guild.addPerson('Ann');
  const client = await logIn(discord);
  onInteraction(client, act);
  await client.application.commands.set(commands);
  return { discord, guild, text, ann };
}

const ping = { name: 'ping', description: 'Answers' };

const podcast = {
  name: 'podcast',
  description: 'Broadcasts',
  options: [
    {
      type: ApplicationCommandOptionType.Subcommand as const,
      name: 'start',
      description: 'Starts',
      options: [
        {
          type: ApplicationCommandOptionType.String as const,
          name: 'title',
          description: 'Its title',
          required: true,
        },
        { type: ApplicationCommandOptionType.Boolean as const, name: 'private', description: 'Not listed' },
        { type: ApplicationCommandOptionType.User as const, name: 'guest', description: 'Who else' },
        { type: ApplicationCommandOptionType.Channel as const, name: 'in', description: 'Where' },
      ],
    },
  ],
};

test('subcommands and typed options arrive as they were typed', async () => {
  const { text, ann, guild } = await withBot([podcast], async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { options } = interaction;
    const where = options.getChannel('in')?.name;
    await interaction.reply(
      `${options.getSubcommand()} ${options.getString('title')} ${options.getBoolean('private')} ` +
        `${options.getUser('guest')?.displayName} ${where}`,
    );
  });
  const ben = guild.addPerson('Ben');
  const values = { title: 'Hello', private: true, guest: ben.id, in: text.id };
  const answer = await ann.command(text, 'podcast', 'start', values);
  expect(answer.content).toBe('start Hello true Ben chat');
  expect(answer.ephemeral).toBe(false);
  expect(answer.deferred).toBe(false);
  expect(answer.msToFirstReply).toBeLessThan(3000);
});

test('what cannot be typed is not sent', async () => {
  const { text, ann } = await withBot([podcast], async () => {});
  await expect(ann.command(text, 'nothing')).rejects.toThrow(CommandNotRegistered);
  await expect(ann.command(text, 'podcast')).rejects.toThrow('/podcast needs a subcommand');
  await expect(ann.command(text, 'podcast', 'stop')).rejects.toThrow('/podcast has no subcommand stop');
  await expect(ann.command(text, 'podcast', 'start')).rejects.toThrow('option title is required');
  await expect(ann.command(text, 'podcast', 'start', { title: 'a', loud: 1 })).rejects.toThrow(
    'has no option loud',
  );
  await expect(ann.command(text, 'podcast', 'start', { title: true })).rejects.toThrow(
    'title does not take true',
  );
});

test('a command is only for those who have the permissions that it needs', async () => {
  const guarded = { ...ping, defaultMemberPermissions: PermissionFlagsBits.ManageGuild };
  const { text, ann, guild } = await withBot([guarded], async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.reply(
      `${interaction.memberPermissions?.has('ManageGuild')} ${interaction.appPermissions.bitfield}`,
    );
  });
  await expect(ann.command(text, 'ping')).rejects.toThrow(CommandNotAllowed);
  const host = guild.addPerson('Host', { permissions: ['ManageGuild'] });
  expect((await host.command(text, 'ping')).content).toBe('true 281479375506432');
  const admin = guild.addPerson('Admin', { permissions: ['Administrator'] });
  expect((await admin.command(text, 'ping')).content).toMatch(/^true/u);
});

test('a deferred answer is filled in, edited, followed up and deleted', async () => {
  const { text, ann } = await withBot([ping], async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    await interaction.editReply('first');
    await interaction.editReply('second');
    const file = new AttachmentBuilder(Buffer.from('hello'), { name: 'a.txt' });
    const followUp = await interaction.followUp({ content: 'more', files: [file] });
    await interaction.webhook.editMessage(followUp.id, 'even more');
    expect((await interaction.fetchReply()).content).toBe('second');
    await interaction.deleteReply();
  });
  const answer = await ann.command(text, 'ping');
  expect(answer.deferred).toBe(true);
  expect(answer.ephemeral).toBe(true);
  await answer.settled();
  expect(answer.ephemeral).toBe(true);
  await answer.until(({ message }) => message?.isDeleted === true);
  expect(answer.content).toBe('second');
  expect(answer.followUps[0]?.content).toBe('even more');
  expect(answer.followUps[0]?.attachments[0]).toMatchObject({
    name: 'a.txt',
    size: 5,
    data: Buffer.from('hello'),
  });
});

test('buttons update their message or answer on their own, and menus send what was chosen', async () => {
  const { text, ann, discord } = await withBot([ping], async (interaction) => {
    if (interaction.isChatInputCommand()) {
      const stop = new ButtonBuilder().setCustomId('stop').setLabel('Stop').setStyle(ButtonStyle.Danger);
      const dead = new ButtonBuilder()
        .setCustomId('dead')
        .setLabel('Dead')
        .setStyle(ButtonStyle.Danger)
        .setDisabled();
      const menu = new StringSelectMenuBuilder().setCustomId('menu').addOptions({ label: 'A', value: 'a' });
      const buttons = new ActionRowBuilder<ButtonBuilder>().addComponents(stop, dead);
      const menus = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu);
      const { resource } = await interaction.reply({
        content: 'On air',
        components: [buttons, menus],
        withResponse: true,
      });
      expect(resource?.message?.content).toBe('On air');
    } else if (interaction.isButton()) {
      await interaction.update({ content: 'Off air', components: [] });
    } else if (interaction.isStringSelectMenu()) {
      await interaction.reply(`chosen: ${interaction.values.join(' ')}`);
    }
  });
  const answer = await ann.command(text, 'ping');
  expect((await ann.press(answer, 'menu', ['a'])).content).toBe('chosen: a');
  await expect(ann.press(answer, 'dead')).rejects.toThrow(ComponentNotThere);
  const pressed = await ann.press(answer, 'stop');
  expect(pressed.firstReply).toBe('update');
  expect(answer.content).toBe('Off air');
  await expect(ann.press(answer, 'stop')).rejects.toThrow(ComponentNotThere);
  expect(discord.messagesIn(text)).toEqual([]);
});

test('a dialog can be filled in', async () => {
  const { text, ann } = await withBot([ping], async (interaction) => {
    if (interaction.isChatInputCommand()) {
      const input = new TextInputBuilder()
        .setCustomId('title')
        .setLabel('Title')
        .setStyle(TextInputStyle.Short);
      const row = new ActionRowBuilder<TextInputBuilder>().addComponents(input);
      await interaction.showModal(
        new ModalBuilder().setCustomId('rename').setTitle('Rename').addComponents(row),
      );
    } else if (interaction.isModalSubmit()) {
      await interaction.reply(`${interaction.customId}: ${interaction.fields.getTextInputValue('title')}`);
    }
  });
  const answer = await ann.command(text, 'ping');
  expect(answer.firstReply).toBe('modal');
  expect((await ann.submit(answer, { title: 'New' })).content).toBe('rename: New');
});

test('what components say can be read', async () => {
  const { text, ann } = await withBot([ping], async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const components = [new TextDisplayBuilder().setContent('Listen at example.org')];
    await interaction.reply({ flags: MessageFlags.IsComponentsV2, components });
  });
  expect((await ann.command(text, 'ping')).text).toBe('Listen at example.org');
});

test('who does not answer within three seconds has missed it', { timeout: 10_000 }, async () => {
  const codes: unknown[] = [];
  const { text, ann } = await withBot([ping], async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await pause(3100);
    await interaction.reply('late').catch((error: unknown) => codes.push(error));
  });
  await expect(ann.command(text, 'ping')).rejects.toThrow(NoResponse);
  await expect.poll(() => codes).toMatchObject([{ code: 10_062, status: 404 }]);
});

test('who answers twice is told so', async () => {
  const codes: unknown[] = [];
  const { text, ann } = await withBot([ping], async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    const { id, token } = interaction;
    await interaction.reply('once');
    const again = interaction.client.rest.post(`/interactions/${id}/${token}/callback`, {
      body: { type: 4, data: { content: 'twice' } },
      auth: false,
    });
    await again.catch((error: unknown) => codes.push(error));
  });
  const answer = await ann.command(text, 'ping');
  await expect.poll(() => codes).toMatchObject([{ code: 40_060, status: 400 }]);
  expect(answer.content).toBe('once');
});
