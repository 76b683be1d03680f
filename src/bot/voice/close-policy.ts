/** What each close code of Discord's voice server means for a show, in words: one table. */

export interface VoiceClosePolicy {
  /** `rejoin`: with backoff. The library itself resumes 4015 and codes below 4000 where that is possible. */
  readonly action: 'stop' | 'rejoin';
  /** Follows "Discord closed the voice connection: ". */
  readonly sentence: string;
}

export const VOICE_CLOSES: Readonly<Record<number, VoiceClosePolicy>> = {
  4001: { action: 'rejoin', sentence: 'it did not know a message of mine.' },
  4002: { action: 'rejoin', sentence: 'it could not read a message of mine.' },
  4003: { action: 'rejoin', sentence: 'I was not identified.' },
  4004: { action: 'rejoin', sentence: 'it did not accept my token.' },
  4005: { action: 'rejoin', sentence: 'I was identified already.' },
  4006: { action: 'rejoin', sentence: 'my session is no longer valid.' },
  4009: { action: 'rejoin', sentence: 'my session timed out.' },
  4011: { action: 'rejoin', sentence: 'the voice server was not found.' },
  4012: { action: 'stop', sentence: 'it does not know the protocol I speak.' },
  4014: { action: 'stop', sentence: 'somebody disconnected me, or the channel is gone.' },
  4015: { action: 'rejoin', sentence: 'the voice server crashed.' },
  4016: { action: 'stop', sentence: 'it does not know the encryption I asked for.' },
  4017: {
    action: 'stop',
    sentence: 'this call is end-to-end encrypted and it did not accept mine.',
  },
  4020: { action: 'rejoin', sentence: 'it found a request of mine wrong.' },
  4021: { action: 'stop', sentence: 'I am rate limited.' },
  4022: { action: 'stop', sentence: 'the call was ended for everyone.' },
};

/** 4014 comes for a kick, a move and a deleted channel alike; the gateway tells which. */
export const CLOSE_DISCONNECTED = 4014;

/** Codes that the table does not have are worth another try: the network's (below 4000), and ones that are new. */
export function closePolicy(code: number): VoiceClosePolicy {
  return VOICE_CLOSES[code] ?? { action: 'rejoin', sentence: `the connection was lost (${code}).` };
}

const FIRST_REJOIN_MS = 1000;
const LONGEST_REJOIN_MS = 30_000;

/** How long to stay away before rejoin number `attempt` (0 is the first). The library alone would come back at once, for ever. */
export function rejoinDelayMs(attempt: number): number {
  return Math.min(LONGEST_REJOIN_MS, FIRST_REJOIN_MS * 2 ** attempt);
}
