/** The REST calls of a relay, for programs that host (protocol.md §2). */
import type { PodcastObject, RestErrorCode, Visibility } from '../protocol/rest.ts';
import { relayAddress } from './relay-address.ts';

export interface Account {
  /** Decimal digits. */
  readonly id: string;
  readonly secret: string;
}

export interface PodcastDescription {
  readonly title?: string;
  readonly description?: string;
  /** The community that it comes from; at most 100 characters. */
  readonly guild?: string;
  readonly visibility?: Visibility;
}

/** The relay refused a call: its error code, its status and its sentence. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;
  readonly code: RestErrorCode | 'unreachable';

  constructor(status: number, code: RestErrorCode | 'unreachable', message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @throws RestError */
export async function createPodcast(
  relay: string,
  account: Account,
  description: PodcastDescription = {},
): Promise<PodcastObject> {
  const response = await call(relay, '/podcast', {
    method: 'POST',
    headers: { ...accountHeaders(account), 'content-type': 'application/json' },
    body: JSON.stringify(description),
  });
  return (await response.json()) as PodcastObject;
}

/**
 * The podcast as this account sees it, or as anyone does without one. A private one opens without a key to the account that
 * hosts it, and `listen_key` in the answer is its key.
 * @param listenKey opens a private one, which is unknown otherwise
 * @throws RestError
 */
export async function getPodcast(
  relay: string,
  id: number,
  account?: Account,
  listenKey?: string,
): Promise<PodcastObject> {
  const headers = {
    ...(account && accountHeaders(account)),
    ...(listenKey !== undefined && { listen_key: listenKey }),
  };
  const response = await call(relay, `/podcast?id=${id}`, { headers });
  return (await response.json()) as PodcastObject;
}

/** The public podcasts, also those that wait for their host. @throws RestError */
export async function listPodcasts(relay: string, account: Account): Promise<readonly PodcastObject[]> {
  const response = await call(relay, '/list', { headers: accountHeaders(account) });
  return ((await response.json()) as { podcasts: readonly PodcastObject[] }).podcasts;
}

/** Ends a podcast for everyone. @throws RestError */
export async function deletePodcast(
  relay: string,
  id: number,
  account: Account,
  timeoutMs: number = TIMEOUT_MS,
): Promise<void> {
  await call(relay, `/podcast?id=${id}`, { method: 'DELETE', headers: accountHeaders(account) }, timeoutMs);
}

/** How an account says who it is, on REST calls and on the WebSocket upgrade. */
export function accountHeaders(account: Account): Record<string, string> {
  return { client_id: account.id, client_secret: account.secret };
}

const TIMEOUT_MS = 10_000;

async function call(
  relay: string,
  path: string,
  init: RequestInit,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Response> {
  const url = relayAddress(relay).restUrl + path;
  let response: Response;
  try {
    response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw new RestError(0, 'unreachable', `The relay at ${relay} does not answer (${causeOf(error)}).`);
  }
  if (response.ok) return response;
  const body = (await response.json().catch(() => ({}))) as { error?: RestErrorCode; message?: string };
  throw new RestError(
    response.status,
    body.error ?? 'internal',
    body.message ?? `The relay answered ${response.status}.`,
  );
}

/** fetch hides the reason (ECONNREFUSED, a time-out) in the cause of its error. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
