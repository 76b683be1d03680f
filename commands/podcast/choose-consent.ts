/** A person says whether they may be broadcast in this server, by a command or by a button. */
import { type ButtonInteraction, type ChatInputCommandInteraction, MessageFlags } from 'discord.js';
import type { Consent } from '../../src/bot/consent/consent.ts';
import { catalogueFor } from '../../src/texts/languages.ts';

/** Holds from the next frame on, and says so. @throws Error when it could not be written down; it holds for this run all the same */
export async function chooseConsent(
  interaction: ChatInputCommandInteraction<'cached'> | ButtonInteraction<'cached'>,
  consent: Consent,
  choice: 'on air' | 'off air',
): Promise<void> {
  const { guildId, user, locale } = interaction;
  const { putOnAir, tookOffAir } = catalogueFor(locale).onAir.answers;
  if (choice === 'on air') consent.putOnAir(guildId, user.id);
  else consent.takeOffAir(guildId, user.id);
  const content = choice === 'on air' ? putOnAir : tookOffAir;
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}
