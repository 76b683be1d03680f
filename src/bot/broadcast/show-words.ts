/** What a show says of itself to the people in its channel and to who started it. */
import type { Text } from '../../texts/catalogue.ts';
import { Refusal } from '../refusal.ts';
import type { PresenceWords } from '../voice/voice-presence.ts';

export const PRESENCE_WORDS: PresenceWords = {
  away: ({ show }) => show.comingBack,
  back: ({ show }) => show.back,
  stage: {
    'hand-raised': ({ show }) => show.handRaised,
    audience: ({ show }) => show.inAudience,
  },
};

/** For who started it. */
export function notBegun(why: Text): Refusal {
  return new Refusal((words) => words.show.notBegun({ why: why(words) }));
}
