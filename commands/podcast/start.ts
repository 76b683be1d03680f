/** `/podcast start [title] [visibility]`: puts the caller's voice channel on air. */
import { MessageFlags, channelMention } from 'discord.js';
import type { Broadcast } from '../../src/bot/broadcast/broadcast.ts';
import { choice, described } from '../../src/bot/command-texts.ts';
import { reasonNotToMark } from '../../src/bot/marker/on-air-marker.ts';
import { assertMayDirect, reasonNotToJoin } from '../../src/bot/permissions.ts';
import { beginningOf } from '../../src/bot/plain-text.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import { GUILD_MAX_CHARACTERS, TITLE_MAX_CHARACTERS } from '../../src/protocol/limits.ts';
import { VISIBILITIES, type Visibility } from '../../src/protocol/rest.ts';
import type { Catalogue } from '../../src/texts/catalogue.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import { onAirText } from './on-air-text.ts';
import type { Subcommand } from './subcommand.ts';

export const start: Subcommand = {
  addOptions: (builder) =>
    builder
      .addStringOption((option) => described(option, 'start.title').setMaxLength(TITLE_MAX_CHARACTERS))
      .addStringOption((option) =>
        described(option, 'start.visibility').addChoices(
          VISIBILITIES.map((value) => choice('start.visibility', value)),
        ),
      ),

  async run(interaction, { broadcasts }) {
    const { guild, member, memberPermissions, options } = interaction;
    assertMayDirect(memberPermissions, ({ show }) => show.deeds.start);
    const { channel } = member.voice;
    const { me } = guild.members;
    if (!channel) throw new Refusal(({ show }) => show.joinFirst);
    if (!me) throw new Refusal(({ answers }) => answers.unknownToMyself);
    broadcasts.assertFree(guild.id);
    const reason = reasonNotToJoin(channel, me) ?? reasonNotToMark(channel, me);
    if (reason) throw new Refusal(reason);

    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const asked = options.getString('title')?.trim() || `${channel.name} · ${guild.name}`;
    const title = beginningOf(asked, TITLE_MAX_CHARACTERS);
    const visibility = (options.getString('visibility') ?? 'public') as Visibility;
    const about = { title, visibility, guild: beginningOf(guild.name, GUILD_MAX_CHARACTERS) };
    const broadcast = await broadcasts.start(channel, about, member.id);
    const words = catalogueFor(interaction.locale);
    const lines = [onAirText(words, broadcast.podcast), ...(await untold(words, broadcast))];
    await interaction.editReply(lines.join('\n'));
  },
};

/** In which ways the people in the channel are not told that they are on air. */
async function untold({ show }: Catalogue, broadcast: Broadcast): Promise<string[]> {
  const [isRead, isHeard] = await Promise.all([broadcast.signs.areRead(), broadcast.maySpeak()]);
  const channel = channelMention(broadcast.channel.id);
  return [
    ...(isRead ? [] : [show.mayNotWrite({ channel })]),
    ...(isHeard ? [] : [show.mayNotSpeak({ channel })]),
  ];
}
