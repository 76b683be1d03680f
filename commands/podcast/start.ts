/** `/podcast start [title] [visibility]`: puts the caller's voice channel on air. */
import { MessageFlags, channelMention } from 'discord.js';
import { choice, described } from '../../src/bot/command-texts.ts';
import { reasonNotToMark } from '../../src/bot/marker/on-air-marker.ts';
import { assertMayDirect, reasonNotToJoin } from '../../src/bot/permissions.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import { TITLE_MAX_CHARACTERS } from '../../src/protocol/limits.ts';
import { VISIBILITIES, type Visibility } from '../../src/protocol/rest.ts';
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
    assertMayDirect(memberPermissions, 'start a podcast');
    const { channel } = member.voice;
    const { me } = guild.members;
    if (!channel) throw new Refusal('Join a voice channel first: the podcast is what is said there.');
    if (!me) throw new Refusal('Discord has not told me yet who I am here; try again in a moment.');
    broadcasts.assertFree(guild.id);
    const reason = reasonNotToJoin(channel, me) ?? reasonNotToMark(channel, me);
    if (reason) throw new Refusal(reason);

    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const asked = options.getString('title')?.trim() || `${channel.name} · ${guild.name}`;
    const title = asked.slice(0, TITLE_MAX_CHARACTERS);
    const visibility = (options.getString('visibility') ?? 'public') as Visibility;
    const broadcast = await broadcasts.start(channel, { title, visibility }, member.id);
    const where = channelMention(channel.id);
    const isTold = await broadcast.signs.areRead();
    const untold = `I may not write in ${where}: tell the people there that they are on air, or give me **Send Messages**.`;
    await interaction.editReply([onAirText(broadcast.podcast), ...(isTold ? [] : [untold])].join('\n'));
  },
};
