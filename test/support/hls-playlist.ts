/** Reads a media playlist as a player does (RFC 8216 §4.3). */

interface ListedSegment {
  readonly number: number;
  readonly discontinuity: number;
  readonly seconds: number;
  /** ms since 1970. */
  readonly dateMs: number;
  readonly map: string;
  readonly uri: string;
}

export interface ReadPlaylist {
  readonly targetSeconds: number;
  readonly isOver: boolean;
  readonly segments: readonly ListedSegment[];
}

/** Where the playlist is that a link names, with a session of its own. @param link of the podcast */
export async function playlistBehind(link: string): Promise<string> {
  const lines = (await (await fetch(link)).text()).split('\n');
  return new URL(lines.find((line) => line !== '' && !line.startsWith('#')) ?? '', link).href;
}

/** @throws Error for what is no playlist, or has a segment without its header, length or date */
export function readPlaylist(text: string): ReadPlaylist {
  const lines = text.split('\n');
  if (lines[0] !== '#EXTM3U') throw new Error(`no playlist: ${text}`);
  const valueOf = (tag: string): string | undefined =>
    lines.find((line) => line.startsWith(`${tag}:`))?.slice(tag.length + 1);
  let number = Number(valueOf('#EXT-X-MEDIA-SEQUENCE'));
  let discontinuity = Number(valueOf('#EXT-X-DISCONTINUITY-SEQUENCE'));
  let [seconds, dateMs, map] = [Number.NaN, Number.NaN, ''];
  const segments: ListedSegment[] = [];
  for (const line of lines) {
    const value = line.slice(line.indexOf(':') + 1);
    if (line === '#EXT-X-DISCONTINUITY') discontinuity += 1;
    else if (line.startsWith('#EXT-X-MAP:')) map = /URI="([^"]+)"/.exec(value)?.[1] ?? '';
    else if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) dateMs = Date.parse(value);
    else if (line.startsWith('#EXTINF:')) seconds = Number.parseFloat(value);
    else if (line !== '' && !line.startsWith('#')) {
      if (map === '' || Number.isNaN(dateMs + seconds)) throw new Error(`${line} lacks something: ${text}`);
      segments.push({ number, discontinuity, seconds, dateMs, map, uri: line });
      number += 1;
      [seconds, dateMs] = [Number.NaN, Number.NaN];
    }
  }
  return {
    targetSeconds: Number(valueOf('#EXT-X-TARGETDURATION')),
    isOver: lines.includes('#EXT-X-ENDLIST'),
    segments,
  };
}
