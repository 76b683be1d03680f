/** The buttons under the panel of a show. What they do to the person who pressed is for that person's eyes alone. */
import { type ButtonInteraction, MessageFlags, escapeMarkdown, userMention } from 'discord.js';
import type { Broadcast } from '../src/bot/broadcast/broadcast.ts';
import type { ButtonHandler, CommandContext } from '../src/bot/command.ts';
import { PANEL_BUTTONS } from '../src/bot/panel/panel-view.ts';
import { mayDirect } from '../src/bot/permissions.ts';
import { Refusal } from '../src/bot/refusal.ts';
import type { Catalogue } from '../src/texts/catalogue.ts';
import { catalogueFor } from '../src/texts/languages.ts';
import { onAirText } from './podcast/on-air-text.ts';

type Press = ButtonInteraction<'cached'>;
type Answers = Catalogue['onAir']['answers'];

export const showButtons: ButtonHandler = {
  name: 'show',

  async press(interaction, context) {
    const { guildId, user, locale, customId } = interaction;
    const { answers } = catalogueFor(locale).onAir;
    switch (customId) {
      case PANEL_BUTTONS.stop:
        return await stop(interaction, context, answers);
      case PANEL_BUTTONS.link:
        return await tell(interaction, linkFor(user.id, showOf(interaction, context, answers)));
      // A no counts wherever it is said, so this works on the panel of a show that is over, too.
      case PANEL_BUTTONS.offAir:
        context.consent.takeOffAir(guildId, user.id);
        return await tell(interaction, answers.tookOffAir);
      case PANEL_BUTTONS.onAir:
        showOf(interaction, context, answers);
        context.consent.putOnAir(guildId, user.id);
        return await tell(interaction, answers.putOnAir);
      default:
        throw new Refusal(answers.showIsGone);
    }
  },
};

async function stop(interaction: Press, context: CommandContext, answers: Answers): Promise<void> {
  const { guildId, member, memberPermissions, user } = interaction;
  const { hostUserId } = showOf(interaction, context, answers);
  if (hostUserId !== user.id && !mayDirect(memberPermissions))
    throw new Refusal(answers.mayNotStop(userMention(hostUserId)));
  await interaction.deferReply({ flags: MessageFlags.Ephemeral });
  await context.broadcasts.stop(guildId, `${escapeMarkdown(member.displayName)} ended it.`);
  await interaction.editReply('The podcast is over.');
}

/** The show whose panel it is. @throws Refusal when it is over, be there another one by now or not */
function showOf(
  { guildId, message }: Press,
  { broadcasts }: CommandContext,
  { showIsGone }: Answers,
): Broadcast {
  const show = broadcasts.of(guildId);
  if (show?.signs.panelMessageId !== message.id) throw new Refusal(showIsGone);
  return show;
}

function linkFor(userId: string, { podcast, hostUserId }: Broadcast): string {
  return onAirText(podcast, userId === hostUserId ? undefined : hostUserId);
}

async function tell(interaction: Press, content: string): Promise<void> {
  await interaction.reply({ content, flags: MessageFlags.Ephemeral });
}
