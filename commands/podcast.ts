/** `/podcast`: what this bot does, one subcommand a file. */
import {
  InteractionContextType,
  ApplicationIntegrationType,
  PermissionFlagsBits,
  SlashCommandBuilder,
} from 'discord.js';
import type { Command } from '../src/bot/command.ts';
import { invite } from './podcast/invite.ts';
import { start } from './podcast/start.ts';
import { status } from './podcast/status.ts';
import { stop } from './podcast/stop.ts';
import type { Subcommand } from './podcast/subcommand.ts';

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = { start, stop, status, invite };

function json(): Command['json'] {
  const builder = new SlashCommandBuilder()
    .setName('podcast')
    .setDescription('Broadcast this voice channel live')
    .setContexts(InteractionContextType.Guild)
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall)
    .setDefaultMemberPermissions(PermissionFlagsBits.ManageEvents);
  for (const [name, subcommand] of Object.entries(SUBCOMMANDS)) {
    builder.addSubcommand((empty) => subcommand.describe(empty.setName(name)));
  }
  return builder.toJSON();
}

export const podcast: Command = {
  json: json(),
  async run(interaction, context) {
    await SUBCOMMANDS[interaction.options.getSubcommand()]?.run(interaction, context);
  },
};
