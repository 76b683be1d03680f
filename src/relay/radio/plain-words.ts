/** Brings what people wrote into what headers, playlists and blocks of metadata can hold: one line, and no more than there is room for. */

/** One line without control characters. */
export function plainWords(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

/** As much of a text as fits into so many bytes of UTF-8, cut between characters. */
export function utf8Within(text: string, bytes: number): Uint8Array {
  const into = new Uint8Array(Math.max(bytes, 0));
  const { written } = new TextEncoder().encodeInto(text, into);
  return into.subarray(0, written);
}
