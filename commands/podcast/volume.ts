/** `/podcast volume percent:`: how loud a podcast plays in the guild. */
import { MessageFlags } from 'discord.js';
import { audienceFor } from '../../src/bot/audience/audience-control.ts';
import { LEAST_PERCENT, MOST_PERCENT } from '../../src/bot/audience/volume.ts';
import { described } from '../../src/bot/command-texts.ts';
import { assertMaySpeak } from '../../src/bot/permissions.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

export const volume: Subcommand = {
  addOptions: (builder) =>
    builder.addIntegerOption((option) =>
      described(option, 'volume.percent')
        .setRequired(true)
        .setMinValue(LEAST_PERCENT)
        .setMaxValue(MOST_PERCENT),
    ),

  async run(interaction, { audiences }) {
    const { guildId, member, memberPermissions } = interaction;
    const playing = audienceFor(audiences.of(guildId), member, memberPermissions);
    assertMaySpeak(member, memberPermissions);
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const percent = await audiences.setVolume(playing, interaction.options.getInteger('percent', true));
    const { audience } = catalogueFor(interaction.locale);
    await interaction.editReply(audience.volumeIs({ percent }));
  },
};
