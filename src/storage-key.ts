/** The key under which the program's secrets are sealed on its disk: made from the bot's token, and never written. */
import { hkdfSync } from 'node:crypto';

const PURPOSE = 'guildcast storage key v1';
const KEY_BYTES = 32;

/**
 * The same token gives the same key at every start; who takes the disk alone has nothing. A token that was reset gives
 * another key: what was sealed before is lost then, which is as it should be (RFC 5869; the token has entropy enough to
 * need no salt).
 */
export function storageKeyFrom(token: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', token, '', PURPOSE, KEY_BYTES));
}
