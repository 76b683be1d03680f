/** `/podcast stop`: ends the guild's show. */
import { MessageFlags, escapeMarkdown } from 'discord.js';
import { Refusal } from '../../src/bot/refusal.ts';
import type { Subcommand } from './subcommand.ts';

export const stop: Subcommand = {
  async run(interaction, { broadcasts }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const stopped = await broadcasts.stop(
      interaction.guildId,
      `${escapeMarkdown(interaction.member.displayName)} ended it.`,
    );
    if (!stopped) throw new Refusal('No podcast is on air in this server. `/podcast start` begins one.');
    await interaction.editReply('The podcast is over.');
  },
};
