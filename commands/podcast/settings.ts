/** `/podcast settings [consent] [names]`: what holds for every show of this server; without options, says it. */
import { MessageFlags } from 'discord.js';
import { choice, described } from '../../src/bot/command-texts.ts';
import { assertMayDirect } from '../../src/bot/permissions.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

const CONSENTS = ['opt-out', 'opt-in'] as const;
const NAMES = ['hide', 'show'] as const;

export const settings: Subcommand = {
  addOptions: (builder) =>
    builder
      .addStringOption((option) =>
        described(option, 'settings.consent').addChoices(
          CONSENTS.map((value) => choice('settings.consent', value)),
        ),
      )
      .addStringOption((option) =>
        described(option, 'settings.names').addChoices(NAMES.map((value) => choice('settings.names', value))),
      ),

  async run(interaction, { consent }) {
    const { guildId, memberPermissions, locale, options } = interaction;
    const { answers } = catalogueFor(locale).onAir;
    const [whose, names] = [options.getString('consent'), options.getString('names')];
    if (whose !== null || names !== null) {
      assertMayDirect(memberPermissions, ({ show }) => show.deeds.changeSettings);
    }
    if (whose !== null) consent.setOptIn(guildId, whose === 'opt-in');
    if (names !== null) consent.setNames(guildId, names === 'show');
    const lines = [
      answers.consent[consent.isOptIn(guildId) ? 'opt-in' : 'opt-out'],
      answers.names[consent.showsNames(guildId) ? 'show' : 'hide'],
    ];
    await interaction.reply({ content: lines.join('\n'), flags: MessageFlags.Ephemeral });
  },
};
