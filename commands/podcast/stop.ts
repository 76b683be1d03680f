/** `/podcast stop`: ends the guild's show. */
import { MessageFlags } from 'discord.js';
import { assertMayDirect } from '../../src/bot/permissions.ts';
import { plain } from '../../src/bot/plain-text.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const stop: Subcommand = {
  async run(interaction, { broadcasts }) {
    const { guildId, member, memberPermissions } = interaction;
    const hostUserId = broadcasts.hostOf(guildId);
    if (hostUserId === undefined) throw new Refusal(({ show }) => show.noneOnAir);
    if (hostUserId !== member.id) assertMayDirect(memberPermissions, ({ show }) => show.deeds.endAnothers);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const name = plain(member.displayName);
    const stopped = await broadcasts.stop(guildId, ({ show }) => show.endedBy({ name }));
    const { show } = catalogueFor(interaction.locale);
    await interaction.editReply(stopped ? show.stopped : show.noneOnAir);
  },
};
