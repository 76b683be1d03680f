/** The bot's name while it is on air, which everybody in a voice channel sees among the others. Pure. */
import { beginningOf } from '../plain-text.ts';

const MARK = '![ON AIR] ';
/** Discord's own limit. */
const NICKNAME_MAX_CHARACTERS = 32;

/** @param name the name that it goes by, marked or not */
export function markedNickname(name: string): string {
  const room = NICKNAME_MAX_CHARACTERS - MARK.length;
  return `${MARK}${beginningOf(withoutMark(name), room)}`.trimEnd();
}

/**
 * What a nickname was before it was marked: another run of this program may have ended without taking the mark off.
 * @param nickname null where there is none; @param username what is shown then
 */
export function unmarkedNickname(nickname: string | null, username: string): string | null {
  if (!nickname?.startsWith(MARK.trimEnd())) return nickname;
  const plain = withoutMark(nickname);
  // The mark alone cannot tell whether this was a nickname once; the bot's own name is the better guess.
  return plain === '' || username.startsWith(plain) ? null : plain;
}

function withoutMark(name: string): string {
  const mark = MARK.trimEnd();
  return (name.startsWith(mark) ? name.slice(mark.length) : name).trim();
}
