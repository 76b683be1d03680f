/** `/podcast onair`: lets the caller be heard in the broadcasts of this server. */
import { MessageFlags } from 'discord.js';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const onair: Subcommand = {
  async run(interaction, { consent }) {
    const { guildId, user, locale } = interaction;
    consent.putOnAir(guildId, user.id);
    const { putOnAir } = catalogueFor(locale).onAir.answers;
    await interaction.reply({ content: putOnAir, flags: MessageFlags.Ephemeral });
  },
};
