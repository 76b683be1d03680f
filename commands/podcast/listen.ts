/** `/podcast listen podcast:`: plays a podcast in the caller's voice channel. */
import { MessageFlags, channelMention } from 'discord.js';
import { described } from '../../src/bot/command-texts.ts';
import { assertMaySpeak, reasonNotToJoin } from '../../src/bot/permissions.ts';
import { beginningOf } from '../../src/bot/plain-text.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

/** Discord's limit on a suggestion's name, in UTF-16 units. */
const NAME_MAX = 100;
/** A link with its key is shorter, whatever the relay is called. */
const ASKED_MAX = 500;

export const listen: Subcommand = {
  addOptions: (builder) =>
    builder.addStringOption((option) =>
      described(option, 'listen.podcast').setRequired(true).setMaxLength(ASKED_MAX).setAutocomplete(true),
    ),

  async suggest(interaction, { directory, broadcasts }) {
    const typed = interaction.options.getFocused().trim().toLowerCase();
    const words = catalogueFor(interaction.locale);
    const ownId = broadcasts.of(interaction.guildId)?.podcast.id;
    const live = await directory.live();
    return live
      .filter(({ id }) => id !== ownId)
      .map(({ id, title, origin }) => ({ name: `${title(words)} · ${origin(words)}`, value: String(id) }))
      .filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(typed))
      .map(({ name, value }) => ({ name: shortened(name), value }));
  },

  async run(interaction, { audiences }) {
    const { guild, member, memberPermissions, options } = interaction;
    const { channel } = member.voice;
    const { me } = guild.members;
    if (!channel) throw new Refusal(({ audience }) => audience.joinFirst);
    if (!me) throw new Refusal(({ answers }) => answers.unknownToMyself);
    assertMaySpeak(member, memberPermissions);
    audiences.assertFree(guild.id);
    const reason = reasonNotToJoin(channel, me, 'play');
    if (reason) throw new Refusal(reason);

    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const audience = await audiences.start(channel, options.getString('podcast', true), member.id);
    const words = catalogueFor(interaction.locale);
    await interaction.editReply(
      words.audience.plays({ title: audience.title(words), channel: channelMention(audience.channel.id) }),
    );
  },
};

function shortened(name: string): string {
  return name.length > NAME_MAX ? `${beginningOf(name, NAME_MAX - 1)}…` : name;
}
