/** How to listen to a show, for the person who asks. */
import { hideLinkEmbed, inlineCode, userMention } from 'discord.js';
import { plain } from '../../src/bot/plain-text.ts';
import type { PodcastObject } from '../../src/protocol/rest.ts';
import type { Catalogue } from '../../src/texts/catalogue.ts';

/**
 * Of a private podcast, this contains the key: only for the person who started it.
 * @param hostUserId who has the key, when it is somebody else who asks
 */
export function onAirText({ show }: Catalogue, podcast: PodcastObject, hostUserId?: string): string {
  const { id, visibility, url, page, listen_key: key } = podcast;
  const title = plain(podcast.title);
  const onAir = show.onAir({ title, visibility, id: inlineCode(String(id)) });
  if (key === undefined) return [onAir, howToListen(show, page, url)].join('\n');
  if (hostUserId) return [onAir, show.askForKey({ host: userMention(hostUserId) })].join('\n');
  return [onAir, howToListen(show, `${page}?key=${key}`, `${url}&key=${key}`), show.keepKey].join('\n');
}

/** Links are not shown with a preview, for which Discord would open them: a key is for people alone. */
function howToListen(show: Catalogue['show'], page: string, url: string): string {
  const line = `npx guildcast listen "${url}"`;
  return show.howToListen({ link: hideLinkEmbed(page), line: inlineCode(line) });
}
