/** What radio players are told of a podcast: its title, and the headers that Icecast has for it. */
import type { Podcast } from '../../podcast/podcast.ts';
import { METADATA_PERIOD_BYTES } from './icy-stream.ts';
import { plainWords, utf8Within } from './plain-words.ts';
import { CONTENT_TYPES, GENRE, KILOBITS, type RadioFormat } from './radio-format.ts';

/** Some radios have little memory for a line of the headers. */
const HEADER_VALUE_MAX_BYTES = 400;
/** Those that a script in a browser could not read otherwise. */
const ICY_HEADERS = [
  'icy-name',
  'icy-description',
  'icy-genre',
  'icy-url',
  'icy-br',
  'icy-pub',
  'icy-metaint',
];

/** One line, never empty. */
export function stationTitle({ id, about }: Pick<Podcast, 'id' | 'about'>): string {
  return plainWords(about.title) || `Podcast ${id}`;
}

/** What is playing: where a radio has `Artist - Title`, the community stands before the title. */
export function streamTitle(podcast: Pick<Podcast, 'id' | 'about'>): string {
  const guild = plainWords(podcast.about.guild);
  return guild === '' ? stationTitle(podcast) : `${guild} - ${stationTitle(podcast)}`;
}

/**
 * The headers of a stream. Words are UTF-8, as Icecast sends them, each byte as one character: so Node's own headers take them, too.
 * @param page where people listen, without a key
 */
export function streamHeaders(
  podcast: Podcast,
  format: RadioFormat,
  { page, wantsMetadata }: { readonly page: string; readonly wantsMetadata: boolean },
): Readonly<Record<string, string>> {
  const { visibility } = podcast.about;
  const description = headerValue(plainWords(podcast.about.description));
  return {
    'Content-Type': CONTENT_TYPES[format],
    'Cache-Control': 'no-cache, no-store',
    'Accept-Ranges': 'none',
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': ICY_HEADERS.join(', '),
    'X-Content-Type-Options': 'nosniff',
    'icy-name': headerValue(stationTitle(podcast)),
    ...(description !== '' && { 'icy-description': description }),
    'icy-genre': GENRE,
    'icy-url': page,
    'icy-br': String(KILOBITS[format]),
    'icy-pub': visibility === 'public' ? '1' : '0',
    'ice-audio-info': `bitrate=${KILOBITS[format]};samplerate=48000;channels=2`,
    ...(wantsMetadata && { 'icy-metaint': String(METADATA_PERIOD_BYTES) }),
  };
}

function headerValue(text: string): string {
  return Buffer.from(utf8Within(text, HEADER_VALUE_MAX_BYTES)).toString('latin1');
}
