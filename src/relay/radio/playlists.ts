/** Playlists with one entry, the stream: what players open when somebody clicks on a link to a radio. */

interface PlaylistEntry {
  /** One line. */
  readonly title: string;
  /** With the key, if the podcast has one: the player needs it. */
  readonly url: string;
}

interface Playlist {
  readonly contentType: string;
  write(entry: PlaylistEntry): string;
}

/** By the ends of their addresses. */
export const PLAYLISTS = {
  m3u: {
    contentType: 'audio/x-mpegurl; charset=utf-8',
    write: ({ title, url }) => `#EXTM3U\n#EXTINF:-1,${title}\n${url}\n`,
  },
  pls: {
    contentType: 'audio/x-scpls; charset=utf-8',
    write: ({ title, url }) =>
      `[playlist]\nNumberOfEntries=1\nFile1=${url}\nTitle1=${title}\nLength1=-1\nVersion=2\n`,
  },
} as const satisfies Record<string, Playlist>;
