/** How to listen to a show, for the person who runs it. */
import { inlineCode } from 'discord.js';
import type { PodcastObject } from '../../src/protocol/rest.ts';

/** Meant for the host alone: for a private podcast it contains the key. */
export function onAirText(podcast: PodcastObject): string {
  const isPrivate = podcast.visibility === 'private' && podcast.listen_key !== undefined;
  const link = isPrivate ? `${podcast.url}&key=${podcast.listen_key}` : podcast.url;
  const lines = [
    `**${podcast.title}** is on air (${podcast.visibility}), podcast ${inlineCode(String(podcast.id))}.`,
    `Listen: ${inlineCode(link)}, or in a terminal ${inlineCode(`npx guildcast listen "${link}"`)}`,
  ];
  if (isPrivate) lines.push('Whoever has this link can listen; give it only to those who should.');
  return lines.join('\n');
}
