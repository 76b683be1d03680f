/** The buttons under the panel of a show. What they do to the person who pressed is for that person's eyes alone. */
import { type ButtonInteraction, MessageFlags } from 'discord.js';
import type { Broadcast } from '../src/bot/broadcast/broadcast.ts';
import type { ButtonHandler, CommandContext } from '../src/bot/command.ts';
import { PANEL_BUTTONS } from '../src/bot/panel/panel-view.ts';
import { Refusal } from '../src/bot/refusal.ts';
import type { Text } from '../src/texts/catalogue.ts';
import { catalogueFor } from '../src/texts/languages.ts';
import { chooseConsent } from './podcast/choose-consent.ts';
import { onAirText } from './podcast/on-air-text.ts';
import { stopShow } from './podcast/stop.ts';

type Press = ButtonInteraction<'cached'>;

const showIsGone: Text = ({ onAir }) => onAir.answers.showIsGone;

export const showButtons: ButtonHandler = {
  name: 'show',

  async press(interaction, context) {
    const { broadcasts, consent } = context;
    switch (interaction.customId) {
      case PANEL_BUTTONS.stop:
        return await stopShow(interaction, showOf(interaction, context).hostUserId, broadcasts);
      case PANEL_BUTTONS.link:
        return await tellLink(interaction, showOf(interaction, context));
      // A no counts wherever it is said, so this works on the panel of a show that is over, too.
      case PANEL_BUTTONS.offAir:
        return await chooseConsent(interaction, consent, 'off air');
      case PANEL_BUTTONS.onAir:
        showOf(interaction, context);
        return await chooseConsent(interaction, consent, 'on air');
      default:
        throw new Refusal(showIsGone);
    }
  },
};

/** The show whose panel it is. @throws Refusal when it is over, be there another one by now or not */
function showOf({ guildId, message }: Press, { broadcasts }: CommandContext): Broadcast {
  const show = broadcasts.of(guildId);
  if (show?.signs.panelMessageId !== message.id) throw new Refusal(showIsGone);
  return show;
}

async function tellLink(interaction: Press, { podcast, hostUserId }: Broadcast): Promise<void> {
  const { user, locale } = interaction;
  const whoHasKey = user.id === hostUserId ? undefined : hostUserId;
  const content = onAirText(catalogueFor(locale), podcast, whoHasKey);
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}
