/** When a listener comes back after its connection ended, and whether (protocol.md §5). Pure. */
import { CLOSE, closeOf } from '../../src/protocol/close-codes.ts';

const FIRST_MS = 250;
const LONGEST_MS = 5000;
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
  const row = closeOf(code);
  if (row?.reconnect === 'no') return { is: 'never', state: ENDED.includes(code) ? 'ended' : 'refused' };
  if (row?.reconnect === 'at-once' && attempt === 0) return { is: 'after', ms: 0 };
  const fullMs =
    row?.reconnect === 'later' ? LATER_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return { is: 'after', ms: fullMs / 2 + (fullMs / 2) * random };
}
