/** `/podcast invite`: the link that brings this bot to another server. */
import { MessageFlags } from 'discord.js';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const invite: Subcommand = {
  async run(interaction, { inviteUrl }) {
    await interaction.reply({
      content: catalogueFor(interaction.locale).answers.invite({ inviteUrl }),
      flags: MessageFlags.Ephemeral,
    });
  },
};
