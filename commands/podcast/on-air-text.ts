/** How to listen to a show, for the person who asks. */
import { escapeMarkdown, inlineCode, userMention } from 'discord.js';
import type { PodcastObject } from '../../src/protocol/rest.ts';

/**
 * Of a private podcast, this contains the key: only for the person who started it.
 * @param hostUserId who has the key, when it is somebody else who asks
 */
export function onAirText(podcast: PodcastObject, hostUserId?: string): string {
  const { id, title, visibility, url, listen_key: key } = podcast;
  const onAir = `**${escapeMarkdown(title)}** is on air (${visibility}), podcast ${inlineCode(String(id))}.`;
  if (key === undefined) return [onAir, howToListen(url)].join('\n');
  if (hostUserId) return `${onAir}\nTo listen, ask ${userMention(hostUserId)} for the link with the key.`;
  return [
    onAir,
    howToListen(`${url}&key=${key}`),
    'Whoever has this link can listen; give it only to those who should.',
  ].join('\n');
}

function howToListen(link: string): string {
  return `Listen: ${inlineCode(link)}, or in a terminal ${inlineCode(`npx guildcast listen "${link}"`)}`;
}
