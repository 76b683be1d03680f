/** Reads what a WebSocket client asks for out of its upgrade request (protocol.md §1, §3, §4). */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { readPodcastId } from '../protocol/rest.ts';
import { headerIn, namesAccount } from './authentication.ts';

export interface UpgradeRequest {
  /** `packets`: events and audio as binary messages (§3). `events`: events as JSON text, audio over UDP (§4). */
  readonly lane: 'packets' | 'events';
  /** u32; undefined when it is missing or malformed, which no podcast's id is. */
  readonly podcastId: number | undefined;
  readonly wantsToHost: boolean;
  /** Hosts a podcast that is yet to be made. */
  readonly makesPodcast: boolean;
  readonly resumeToken: string | undefined;
  readonly listenKey: string | undefined;
  /** `?events=all`: its reader takes additions in events. */
  readonly takesAdditions: boolean;
  /** Of the events lane, as they were written; undefined for their defaults. */
  readonly audio: string | undefined;
  readonly stream: string | undefined;
  /** `?from=page`: it is our own page in a browser. */
  readonly isPage: boolean;
  readonly headers: IncomingHttpHeaders;
}

/** Undefined for a path that is no lane's. */
export function readUpgradeRequest({
  url = '',
  headers,
}: Pick<IncomingMessage, 'url' | 'headers'>): UpgradeRequest | undefined {
  const parsed = URL.parse(url, 'http://relay');
  const role = parsed && roleOf(parsed, headers);
  if (!role) return undefined;
  const { searchParams } = parsed;
  const valueOf = (name: string): string | undefined => searchParams.get(name) ?? undefined;
  return {
    ...role,
    podcastId: readPodcastId(valueOf('id') ?? ''),
    makesPodcast: role.lane === 'events' && role.wantsToHost && !searchParams.has('id'),
    resumeToken: valueOf('resume'),
    listenKey: valueOf('key') ?? headerIn(headers, 'listen_key'),
    takesAdditions: valueOf('events') === 'all',
    audio: valueOf('audio'),
    stream: valueOf('stream'),
    isPage: valueOf('from') === 'page',
    headers,
  };
}

type Role = Pick<UpgradeRequest, 'lane' | 'wantsToHost'>;

/**
 * `/ws` is an address of both generations. Who says isSender or isHost hosts as in 2022. Who says nothing of the kind but
 * has an account or a resume token, or names no podcast, hosts as in 2023. Who only names a podcast listens as in 2022.
 */
function roleOf({ pathname, searchParams }: URL, headers: IncomingHttpHeaders): Role | undefined {
  const saysHost = isTrue(headers, 'issender') || isTrue(headers, 'ishost');
  const resumes = searchParams.has('resume');
  switch (pathname) {
    case '/':
      return { lane: 'packets', wantsToHost: saysHost || resumes };
    case '/listen':
      return { lane: 'events', wantsToHost: false };
    case '/ws':
      if (saysHost) return { lane: 'packets', wantsToHost: true };
      if (resumes || namesAccount(headers) || !searchParams.has('id')) {
        return { lane: 'events', wantsToHost: true };
      }
      return { lane: 'packets', wantsToHost: false };
    default:
      return undefined;
  }
}

function isTrue(headers: IncomingHttpHeaders, name: string): boolean {
  return headerIn(headers, name)?.toLowerCase() === 'true';
}
