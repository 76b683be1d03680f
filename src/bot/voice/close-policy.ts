/** What each close code of Discord's voice server means for a show: one table; src/texts has it in words. */
import type { Catalogue, Text } from '../../texts/catalogue.ts';

/** `rejoin`: with backoff. The library itself resumes 4015 and codes below 4000 where that is possible. */
type VoiceCloseAction = 'stop' | 'rejoin';

export const VOICE_CLOSES: Readonly<Record<keyof Catalogue['voice']['closes'], VoiceCloseAction>> = {
  4001: 'rejoin',
  4002: 'rejoin',
  4003: 'rejoin',
  4004: 'rejoin',
  4005: 'rejoin',
  4006: 'rejoin',
  4009: 'rejoin',
  4011: 'rejoin',
  4012: 'stop',
  4014: 'stop',
  4015: 'rejoin',
  4016: 'stop',
  4017: 'stop',
  4020: 'rejoin',
  4021: 'stop',
  4022: 'stop',
};

/** 4014 comes for a kick, a move and a deleted channel alike; the gateway tells which. */
export const CLOSE_DISCONNECTED = 4014;

interface VoiceClosePolicy {
  readonly action: VoiceCloseAction;
  readonly text: Text;
}

/** Codes that the table does not have are worth another try: the network's (below 4000), and ones that are new. */
export function closePolicy(code: number): VoiceClosePolicy {
  if (!isKnown(code))
    return { action: 'rejoin', text: ({ voice }) => voice.closed({ why: voice.closedOtherwise({ code }) }) };
  return { action: VOICE_CLOSES[code], text: ({ voice }) => voice.closed({ why: voice.closes[code] }) };
}

function isKnown(code: number): code is keyof typeof VOICE_CLOSES {
  return code in VOICE_CLOSES;
}

const FIRST_REJOIN_MS = 1000;
const LONGEST_REJOIN_MS = 30_000;

/** How long to stay away before rejoin number `attempt` (0 is the first). The library alone would come back at once, for ever. */
export function rejoinDelayMs(attempt: number): number {
  return Math.min(LONGEST_REJOIN_MS, FIRST_REJOIN_MS * 2 ** attempt);
}
