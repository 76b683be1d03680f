/** `/podcast leave`: ends what the guild hears. */
import { MessageFlags } from 'discord.js';
import { audienceFor } from '../../src/bot/audience/audience-control.ts';
import { plain } from '../../src/bot/plain-text.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const leave: Subcommand = {
  async run(interaction, { audiences }) {
    const { guildId, member, memberPermissions } = interaction;
    audienceFor(audiences.underWay(guildId), member, memberPermissions);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const name = plain(member.displayName);
    const stopped = await audiences.stop(guildId, ({ audience }) => audience.stoppedBy({ name }));
    const { audience } = catalogueFor(interaction.locale);
    await interaction.editReply(stopped ? audience.stopped : audience.nothingPlays);
  },
};
