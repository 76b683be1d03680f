/** Reads what a WebSocket client asks for out of its upgrade request (protocol.md §1, §3). */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { readPodcastId } from '../protocol/rest.ts';
import { headerIn } from './authentication.ts';

const PATHS: readonly string[] = ['/', '/ws'];

export interface UpgradeRequest {
  /** u32; undefined when it is missing or malformed, which no podcast's id is. */
  readonly podcastId: number | undefined;
  readonly wantsToHost: boolean;
  readonly resumeToken: string | undefined;
  readonly listenKey: string | undefined;
  /** `?events=all`: its reader takes additions in events. */
  readonly takesAdditions: boolean;
  readonly headers: IncomingHttpHeaders;
}

/** Undefined for a path that is not this lane's. */
export function readUpgradeRequest({
  url = '',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): UpgradeRequest | undefined {
  const parsed = URL.parse(url, 'http://relay');
  if (!parsed || !PATHS.includes(parsed.pathname)) return undefined;
  const { searchParams } = parsed;
  const resumeToken = searchParams.get('resume') ?? undefined;
  return {
    podcastId: readPodcastId(searchParams.get('id') ?? ''),
    wantsToHost: resumeToken !== undefined || isTrue(headers, 'issender') || isTrue(headers, 'ishost'),
    resumeToken,
    listenKey: searchParams.get('key') ?? headerIn(headers, 'listen_key'),
    takesAdditions: searchParams.get('events') === 'all',
    headers,
  };
}

function isTrue(headers: IncomingHttpHeaders, name: string): boolean {
  return headerIn(headers, name)?.toLowerCase() === 'true';
}
