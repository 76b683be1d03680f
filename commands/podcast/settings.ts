/** `/podcast settings [consent]`: what holds for every show of this server; without options, says it. */
import { MessageFlags } from 'discord.js';
import { choice, described } from '../../src/bot/command-texts.ts';
import { assertMayDirect } from '../../src/bot/permissions.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

const CONSENTS = ['opt-out', 'opt-in'] as const;

export const settings: Subcommand = {
  addOptions: (builder) =>
    builder.addStringOption((option) =>
      described(option, 'settings.consent').addChoices(
        CONSENTS.map((value) => choice('settings.consent', value)),
      ),
    ),

  async run(interaction, { consent }) {
    const { guildId, memberPermissions, locale, options } = interaction;
    const { answers } = catalogueFor(locale).onAir;
    const asked = options.getString('consent');
    if (asked !== null) {
      assertMayDirect(memberPermissions, ({ show }) => show.deeds.changeSettings);
      consent.setOptIn(guildId, asked === 'opt-in');
    }
    const content = answers.consent[consent.isOptIn(guildId) ? 'opt-in' : 'opt-out'];
    await interaction.reply({ content, flags: MessageFlags.Ephemeral });
  },
};
