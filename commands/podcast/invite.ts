/** `/podcast invite`: the link that brings this bot to another server. */
import { MessageFlags } from 'discord.js';
import type { Subcommand } from './subcommand.ts';

export const invite: Subcommand = {
  async run(interaction, { inviteUrl }) {
    await interaction.reply({
      content: `Add me to a server that you manage: ${inviteUrl}`,
      flags: MessageFlags.Ephemeral,
    });
  },
};
