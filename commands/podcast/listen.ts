/** `/podcast listen podcast:`: plays a podcast in the caller's voice channel. */
import { MessageFlags, channelMention, escapeMarkdown } from 'discord.js';
import { AUDIENCE_WORDS as WORDS } from '../../src/bot/audience/audience-words.ts';
import type { ListedPodcast } from '../../src/bot/audience/podcast-directory.ts';
import { described } from '../../src/bot/command-texts.ts';
import { reasonNotToPlay } from '../../src/bot/permissions.ts';
import { Refusal } from '../../src/bot/refusal.ts';
import type { Subcommand } from './subcommand.ts';

/** Discord's limit on a suggestion's name, in characters. */
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
    const ownId = broadcasts.of(interaction.guildId)?.podcast.id;
    const live = await directory.live();
    return live
      .filter((podcast) => podcast.id !== ownId && fits(podcast, typed))
      .map((podcast) => ({ name: nameOf(podcast), value: String(podcast.id) }));
  },

  async run(interaction, { audiences }) {
    const { guild, member, options } = interaction;
    const { channel } = member.voice;
    const { me } = guild.members;
    if (!channel) throw new Refusal(WORDS.joinFirst);
    if (!me) throw new Refusal('Discord has not told me yet who I am here; try again in a moment.');
    audiences.assertFree(guild.id);
    const reason = reasonNotToPlay(channel, me);
    if (reason) throw new Refusal(reason);

    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const audience = await audiences.start(channel, options.getString('podcast', true));
    await interaction.editReply(
      WORDS.playsIn(escapeMarkdown(audience.title), channelMention(audience.channel.id)),
    );
  },
};

function fits({ id, title, origin }: ListedPodcast, typed: string): boolean {
  return `${title}\n${origin}\n${id}`.toLowerCase().includes(typed);
}

function nameOf({ title, origin }: ListedPodcast): string {
  const name = `${title} · ${origin}`;
  return name.length > NAME_MAX ? `${name.slice(0, NAME_MAX - 1)}…` : name;
}
