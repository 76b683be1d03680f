/** How long to wait before connecting again: doubling, bounded, and spread so that many clients do not return together. */

const FIRST_MS = 250;
// A listener is to be back soon after a relay that was started again.
const LONGEST_MS = 5000;

/**
 * @param attempt 0 for the first try after a drop
 * @param random 0 … 1, spreads the delay over its upper half
 * @returns milliseconds
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  return spreadMs(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt), random);
}

/** @param random 0 … 1 @returns between half of it and all of it */
export function spreadMs(fullMs: number, random: number): number {
  return fullMs / 2 + (fullMs / 2) * random;
}
