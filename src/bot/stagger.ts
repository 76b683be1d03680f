/** Spreads joins that are due together: Discord takes 120 messages a minute from a bot's gateway connection, for all its guilds. */

/** So many go at once. */
const AT_ONCE = 10;
const APART_MS = 500;

/** @param index 0 for the first of those that are due. @returns how long it is to wait, ms */
export function staggerMs(index: number): number {
  return Math.max(0, index + 1 - AT_ONCE) * APART_MS;
}
