/** What a show says of itself to the people in its channel and to who started it. */
import { Refusal } from '../refusal.ts';
import type { PresenceWords } from '../voice/voice-presence.ts';

export const PRESENCE_WORDS: PresenceWords = {
  away: 'I am coming back; listeners hear silence meanwhile.',
  back: 'I am back; the podcast goes on.',
  stage: {
    'hand-raised':
      'I raised my hand: a stage moderator can invite me to speak. The podcast is on air meanwhile.',
    audience:
      'I may neither speak on this stage nor raise my hand (permission **Request to Speak**). The podcast is on air, I only stay in the audience.',
  },
};

/** Why a show ends, or does not begin, that Discord lets be marked in no way. */
export const UNMARKED =
  'Discord let me set neither the status of the channel nor my nickname, and a channel that is on air has to be marked.';

/** For who started it. @param sentence why */
export function notBegun(sentence: string): Refusal {
  return new Refusal(`The podcast did not begin. ${sentence} \`/podcast start\` tries again.`);
}
