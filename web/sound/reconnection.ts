/** When a listener comes back after its connection ended, and whether (protocol.md §5). Pure. */
import { backoffMs, spreadMs } from '../../src/protocol/backoff.ts';
import { CLOSE, closeOf } from '../../src/protocol/close-codes.ts';

/** `later`: a limit of the relay was reached; many may wait for the same place. */
const LATER_MS = 15_000;

/** Codes that tell of a podcast's end rather than of a fault of this listener. */
const ENDED: readonly number[] = [
  CLOSE.senderDisconnected.code,
  CLOSE.senderTimeout.code,
  CLOSE.unknownPodcast.code,
];

export type Reconnection =
  | { readonly is: 'never'; readonly state: 'ended' | 'refused' }
  | { readonly is: 'after'; readonly ms: number };

/**
 * @param code of the close, also of RFC 6455 §7.4.1
 * @param attempt how many have failed in a row before: 0 for a connection that was good
 * @param random 0 … 1, so that many listeners do not come at once
 */
export function reconnectionAfter(code: number, attempt: number, random: number): Reconnection {
  const reconnect = closeOf(code)?.reconnect;
  if (reconnect === 'no') return { is: 'never', state: ENDED.includes(code) ? 'ended' : 'refused' };
  if (reconnect === 'at-once' && attempt === 0) return { is: 'after', ms: 0 };
  return {
    is: 'after',
    ms: reconnect === 'later' ? spreadMs(LATER_MS, random) : backoffMs(attempt, random),
  };
}
