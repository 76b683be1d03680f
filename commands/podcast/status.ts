/** `/podcast status`: how the guild's show goes. */
import { MessageFlags, TimestampStyles, channelMention, escapeMarkdown, time } from 'discord.js';
import { type BroadcastStatus } from '../../src/bot/broadcast/broadcast-options.ts';
import { CAPTURE_DROP_REASONS } from '../../src/bot/capture/voice-capture.ts';
import { onAirText } from './on-air-text.ts';
import type { Subcommand } from './subcommand.ts';

/** A message holds 2000 characters, and a name up to 32. */
const NAMES_SHOWN = 20;

const DROPS_IN_WORDS: Readonly<Record<string, string>> = {
  ...CAPTURE_DROP_REASONS,
  'not-connected': 'while the relay was away',
  'relay-slow': 'because the relay was slow',
  'not-opus': 'not Opus',
  'still-encrypted': 'still encrypted',
  'dave-message': 'messages of the end-to-end encryption that made no sense',
};

export const status: Subcommand = {
  async run(interaction, { broadcasts }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const broadcast = broadcasts.of(interaction.guildId);
    if (!broadcast) {
      await interaction.editReply('No podcast is on air in this server. `/podcast start` begins one.');
      return;
    }
    const show = broadcast.status();
    const isHost = interaction.user.id === broadcast.hostUserId;
    const listeners = await broadcast.listeners();
    const since = time(Math.round(show.startedAtMs / 1000), TimestampStyles.RelativeTime);
    const lines = [
      onAirText(show.podcast, isHost ? undefined : broadcast.hostUserId),
      `Since ${since} in ${channelMention(broadcast.channel.id)} · ${count(listeners, 'listener')} · ${count(show.frames, 'frame')} sent.`,
      speakingLine(show),
      ...dropLines(show),
    ];
    await interaction.editReply(lines.join('\n'));
  },
};

function speakingLine({ speaking }: BroadcastStatus): string {
  if (speaking.length === 0) return 'Nobody speaks right now.';
  const names = speaking.slice(0, NAMES_SHOWN).map((name) => escapeMarkdown(name));
  const others = speaking.length - names.length;
  return `Speaking: ${names.join(', ')}${others > 0 ? ` and ${count(others, 'other')}` : ''}.`;
}

function dropLines({ drops }: BroadcastStatus): string[] {
  const parts = Object.entries(drops).map(
    ([reason, dropped]) => `${dropped} ${DROPS_IN_WORDS[reason] ?? reason}`,
  );
  return parts.length > 0 ? [`Not broadcast: ${parts.join('; ')}.`] : [];
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
