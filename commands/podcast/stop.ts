/** `/podcast stop`: ends the guild's show, as the button under its panel does. */
import { type ButtonInteraction, type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import type { Broadcasts } from '../../src/bot/broadcast/broadcasts.ts';
import { assertMayDirect } from '../../src/bot/permissions.ts';
import { plain } from '../../src/bot/plain-text.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const stop: Subcommand = {
  async run(interaction, { broadcasts }) {
    const hostUserId = broadcasts.hostOf(interaction.guildId);
    if (hostUserId === undefined) throw new Refusal(({ show }) => show.noneOnAir);
    await stopShow(interaction, hostUserId, broadcasts);
  },
};

/**
 * Ends the guild's show, be it on air or about to be.
 * @param hostUserId who asked for it
 * @throws Refusal for who did not, and may not direct what is on air
 */
export async function stopShow(
  interaction: ChatInputCommandInteraction<'cached'> | ButtonInteraction<'cached'>,
  hostUserId: string,
  broadcasts: Broadcasts,
): Promise<void> {
  const { guildId, member, memberPermissions, locale } = interaction;
  if (hostUserId !== member.id) assertMayDirect(memberPermissions, ({ show }) => show.deeds.endAnothers);
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const name = plain(member.displayName);
  const stopped = await broadcasts.stop(guildId, ({ show }) => show.endedBy({ name }));
  const { show } = catalogueFor(locale);
  await interaction.editReply(stopped ? show.stopped : show.noneOnAir);
}
