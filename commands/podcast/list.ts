/** `/podcast list`: what is on air. */
import { MessageFlags, TimestampStyles, hideLinkEmbed, inlineCode, time } from 'discord.js';
import type { ListedPodcast } from '../../src/bot/audience/podcast-directory.ts';
import { plain } from '../../src/bot/plain-text.ts';
import type { Catalogue } from '../../src/texts/catalogue.ts';
import { catalogueFor } from '../../src/texts/languages.ts';
import type { Subcommand } from './subcommand.ts';

/** A message holds 2000 characters; the last line needs some. */
const LINES_MAX_CHARACTERS = 1900;

export const list: Subcommand = {
  async run(interaction, { directory }) {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const live = await directory.live();
    const words = catalogueFor(interaction.locale);
    await interaction.editReply(live.length > 0 ? textOf(live, words) : words.audience.nothingListed);
  },
};

function textOf(live: readonly ListedPodcast[], words: Catalogue): string {
  const lines: string[] = [];
  let characters = 0;
  for (const podcast of live) {
    const line = lineOf(podcast, words);
    characters += line.length + 1;
    if (characters > LINES_MAX_CHARACTERS) break;
    lines.push(line);
  }
  const others = live.length - lines.length;
  if (others > 0) lines.push(words.audience.andOthers({ others }));
  return lines.join('\n');
}

function lineOf({ id, title, origin, sinceMs, listeners, page }: ListedPodcast, words: Catalogue): string {
  return words.audience.listed({
    title: plain(title(words)),
    origin: plain(origin(words)),
    since: time(Math.round(sinceMs / 1000), TimestampStyles.RelativeTime),
    listeners,
    id: inlineCode(String(id)),
    page: hideLinkEmbed(page),
  });
}
