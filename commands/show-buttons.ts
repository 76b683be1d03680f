/** The buttons under the panel of a show. What they do to the person who pressed is for that person's eyes alone. */
import { type ButtonInteraction, MessageFlags, userMention } from 'discord.js';
import type { Broadcast } from '../src/bot/broadcast/broadcast.ts';
import type { ButtonHandler, CommandContext } from '../src/bot/command.ts';
import { PANEL_BUTTONS } from '../src/bot/panel/panel-view.ts';
import { mayDirect } from '../src/bot/permissions.ts';
import { plain } from '../src/bot/plain-text.ts';
import { Refusal } from '../src/bot/refusal.ts';
import type { Text } from '../src/texts/catalogue.ts';
import { catalogueFor } from '../src/texts/languages.ts';
import { onAirText } from './podcast/on-air-text.ts';

type Press = ButtonInteraction<'cached'>;

const showIsGone: Text = ({ onAir }) => onAir.answers.showIsGone;

export const showButtons: ButtonHandler = {
  name: 'show',

  async press(interaction, context) {
    const { guildId, user, locale, customId } = interaction;
    const { answers } = catalogueFor(locale).onAir;
    switch (customId) {
      case PANEL_BUTTONS.stop:
        return await stop(interaction, context);
      case PANEL_BUTTONS.link:
        return await tell(interaction, linkFor(interaction, showOf(interaction, context)));
      // A no counts wherever it is said, so this works on the panel of a show that is over, too.
      case PANEL_BUTTONS.offAir:
        context.consent.takeOffAir(guildId, user.id);
        return await tell(interaction, answers.tookOffAir);
      case PANEL_BUTTONS.onAir:
        showOf(interaction, context);
        context.consent.putOnAir(guildId, user.id);
        return await tell(interaction, answers.putOnAir);
      default:
        throw new Refusal(showIsGone);
    }
  },
};

async function stop(interaction: Press, context: CommandContext): Promise<void> {
  const { guildId, member, memberPermissions, user, locale } = interaction;
  const { hostUserId } = showOf(interaction, context);
  if (hostUserId !== user.id && !mayDirect(memberPermissions))
    throw new Refusal(({ onAir }) => onAir.answers.mayNotStop(userMention(hostUserId)));
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  const name = plain(member.displayName);
  await context.broadcasts.stop(guildId, ({ show }) => show.endedBy({ name }));
  await interaction.editReply(catalogueFor(locale).show.stopped);
}

/** The show whose panel it is. @throws Refusal when it is over, be there another one by now or not */
function showOf({ guildId, message }: Press, { broadcasts }: CommandContext): Broadcast {
  const show = broadcasts.of(guildId);
  if (show?.signs.panelMessageId !== message.id) throw new Refusal(showIsGone);
  return show;
}

function linkFor({ user, locale }: Press, { podcast, hostUserId }: Broadcast): string {
  return onAirText(catalogueFor(locale), podcast, user.id === hostUserId ? undefined : hostUserId);
}

async function tell(interaction: Press, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}
