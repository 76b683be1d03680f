/** Podcasts on a relay, and visits to their pages as browsers and programs make them. */
import { accountHeaders, makePodcast, NaiveClient, type Podcast } from './naive-client.ts';
import type { TestRelay } from './test-relay.ts';

export interface PageAbout {
  readonly title?: string;
  readonly description?: string;
  readonly guild?: string;
  readonly visibility?: 'public' | 'unlisted' | 'private';
}

export function hostHeaders({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

/** A podcast that waits for its host. */
export function announced(relay: TestRelay, about: PageAbout = {}): Promise<Podcast> {
  return makePodcast(relay.url, hostHeaders(relay), about);
}

/** A podcast on air. */
export async function aired(
  relay: TestRelay,
  about: PageAbout = {},
): Promise<{ podcast: Podcast; host: NaiveClient }> {
  const podcast = await announced(relay, about);
  const host = new NaiveClient(`${relay.socketUrl}/?id=${podcast.id}`, {
    ...hostHeaders(relay),
    isSender: 'true',
  });
  await host.hello;
  return { podcast, host };
}

/** Ends a podcast for good, as its host does. */
export async function ended(relay: TestRelay, { id }: Podcast): Promise<void> {
  await fetch(`${relay.url}/podcast?id=${id}`, { method: 'DELETE', headers: hostHeaders(relay) });
}

export interface Visit {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** As a browser asks. */
export async function visit(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Visit> {
  const answer = await fetch(url, { method, headers: { accept: 'text/html,*/*;q=0.8', ...headers } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
