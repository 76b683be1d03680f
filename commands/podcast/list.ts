/** `/podcast list`: what is on air. */
import { MessageFlags, TimestampStyles, escapeMarkdown, inlineCode, time } from 'discord.js';
import type { ListedPodcast } from '../../src/bot/audience/podcast-directory.ts';
import type { Subcommand } from './subcommand.ts';

/** A message holds 2000 characters; the last line needs some. */
const LINES_MAX_CHARACTERS = 1900;

export const list: Subcommand = {
  async run(interaction, { directory }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const live = await directory.live();
    await interaction.editReply(live.length > 0 ? textOf(live) : 'No public podcast is on air right now.');
  },
};

function textOf(live: readonly ListedPodcast[]): string {
  const lines: string[] = [];
  let characters = 0;
  for (const podcast of live) {
    const line = lineOf(podcast);
    characters += line.length + 1;
    if (characters > LINES_MAX_CHARACTERS) break;
    lines.push(line);
  }
  const others = live.length - lines.length;
  if (others > 0) lines.push(`… and ${others} more; \`/podcast listen\` finds them by title.`);
  return lines.join('\n');
}

function lineOf({ id, title, origin, sinceMs, listeners }: ListedPodcast): string {
  const since = time(Math.round(sinceMs / 1000), TimestampStyles.RelativeTime);
  const heard = `${listeners.toLocaleString('en')} ${listeners === 1 ? 'listener' : 'listeners'}`;
  return `**${escapeMarkdown(title)}** · ${escapeMarkdown(origin)} · since ${since} · ${heard} · ${inlineCode(String(id))}`;
}
