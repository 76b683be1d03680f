/** `/podcast status`: how the guild's show goes. */
import {
  type ChatInputCommandInteraction,
  MessageFlags,
  PermissionFlagsBits,
  TimestampStyles,
  channelMention,
  time,
} from 'discord.js';
import type { Broadcast } from '../../src/bot/broadcast/broadcast.ts';
import type { BroadcastStatus } from '../../src/bot/broadcast/broadcast-options.ts';
import { mayDirect } from '../../src/bot/permissions.ts';
import type { PodcastObject } from '../../src/protocol/rest.ts';
import type { Catalogue } from '../../src/texts/catalogue.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import { onAirText } from './on-air-text.ts';
import type { Subcommand } from './subcommand.ts';

type Asker = Pick<ChatInputCommandInteraction<'cached'>, 'member' | 'memberPermissions'>;

/** A message holds 2000 characters, and a name up to 32. */
const NAMES_SHOWN = 20;

export const status: Subcommand = {
  async run(interaction, { broadcasts }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const words = catalogueFor(interaction.locale);
    const broadcast = broadcasts.of(interaction.guildId);
    if (!broadcast) {
      await interaction.editReply(words.show.noneOnAir);
      return;
    }
    if (!sees(interaction, broadcast)) {
      await interaction.editReply(fromOutside(words, broadcast.podcast));
      return;
    }
    const going = broadcast.status();
    const isHost = interaction.user.id === broadcast.hostUserId;
    const lines = [
      onAirText(words, broadcast.podcast, isHost ? undefined : broadcast.hostUserId),
      words.show.goes({
        since: time(Math.round(broadcast.startedAtMs / 1000), TimestampStyles.RelativeTime),
        channel: channelMention(broadcast.channel.id),
        listeners: await broadcast.listeners(),
        frames: going.frames,
      }),
      speakingLine(words, going),
      ...dropLines(words, going),
    ];
    await interaction.editReply(lines.join('\n'));
  },
};

/** What goes on in a channel is for those who can look into it, and for who started the show or directs it. */
function sees({ member, memberPermissions }: Asker, { channel, hostUserId }: Broadcast): boolean {
  if (member.id === hostUserId || mayDirect(memberPermissions)) return true;
  return channel.permissionsFor(member).has(PermissionFlagsBits.ViewChannel);
}

/** Of a show in a channel that the asker does not see: a public one is listed anyway. */
function fromOutside(words: Catalogue, podcast: PodcastObject): string {
  return podcast.visibility === 'public' ? onAirText(words, podcast) : words.show.onAirElsewhere;
}

function speakingLine({ show }: Catalogue, { speaking }: BroadcastStatus): string {
  if (speaking.length === 0) return show.nobodySpeaks;
  const names = speaking.slice(0, NAMES_SHOWN);
  return show.speaking({ names, others: speaking.length - names.length });
}

function dropLines({ show }: Catalogue, { drops }: BroadcastStatus): string[] {
  const inWords: Readonly<Record<string, string>> = show.dropReasons;
  const dropped = Object.entries(drops).map(([reason, count]) => ({
    count,
    reason: inWords[reason] ?? reason,
  }));
  return dropped.length > 0 ? [show.notBroadcast({ drops: dropped })] : [];
}
