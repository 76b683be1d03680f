/** `/podcast leave`: ends what the guild hears. */
import { MessageFlags, escapeMarkdown } from 'discord.js';
import { audienceFor } from '../../src/bot/audience/audience-control.ts';
import { AUDIENCE_WORDS as WORDS } from '../../src/bot/audience/audience-words.ts';
import type { Subcommand } from './subcommand.ts';

export const leave: Subcommand = {
  async run(interaction, { audiences }) {
    audienceFor(audiences, interaction.member, interaction.memberPermissions);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const name = escapeMarkdown(interaction.member.displayName);
    const stopped = await audiences.stop(interaction.guildId, WORDS.stoppedBy(name));
    await interaction.editReply(stopped ? WORDS.left : WORDS.nothingPlays);
  },
};
