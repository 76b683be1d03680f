/** `/podcast stop`: ends the guild's show. */
import { MessageFlags, escapeMarkdown } from 'discord.js';
import { assertMayDirect } from '../../src/bot/permissions.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import type { Subcommand } from './subcommand.ts';

const NOTHING_ON_AIR = 'No podcast is on air in this server. `/podcast start` begins one.';

export const stop: Subcommand = {
  async run(interaction, { broadcasts }) {
    const { guildId, member, memberPermissions } = interaction;
    const hostUserId = broadcasts.hostOf(guildId);
    if (hostUserId === undefined) throw new Refusal(NOTHING_ON_AIR);
    if (hostUserId !== member.id)
      assertMayDirect(memberPermissions, 'end a podcast that somebody else started');
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const stopped = await broadcasts.stop(guildId, `${escapeMarkdown(member.displayName)} ended it.`);
    await interaction.editReply(stopped ? 'The podcast is over.' : NOTHING_ON_AIR);
  },
};
