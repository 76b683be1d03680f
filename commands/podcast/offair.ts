/** `/podcast offair`: keeps the caller's voice out of every broadcast of this server. */
import { MessageFlags } from 'discord.js';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const offair: Subcommand = {
  async run(interaction, { consent }) {
    const { guildId, user, locale } = interaction;
    consent.takeOffAir(guildId, user.id);
    const { tookOffAir } = catalogueFor(locale).onAir.answers;
    await interaction.reply({ content: tookOffAir, flags: MessageFlags.Ephemeral });
  },
};
