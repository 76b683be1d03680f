/** Reads links to podcasts as people share them: `https://HOST/PATH/p/ID?key=KEY`. */

export interface PodcastLink {
  /** As it was written. */
  readonly idText: string;
  readonly key: string | undefined;
}

/**
 * @param text any text
 * @param root absolute, to where the relay's paths begin; ends with `/`
 * @param host under which the relay was reached; undefined: only that of `root` is ours
 * @returns undefined for what is no link to a podcast of this relay
 */
export function readPodcastLink(
  text: string,
  root: string,
  host: string | undefined,
): PodcastLink | undefined {
  const url = URL.parse(text);
  const ours = new URL(root);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
  if (url.host !== ours.host && url.host !== host) return undefined;
  const pages = `${ours.pathname}p/`;
  if (!url.pathname.startsWith(pages)) return undefined;
  return { idText: url.pathname.slice(pages.length), key: url.searchParams.get('key') ?? undefined };
}
