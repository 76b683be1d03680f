/** How patient the bot is with a voice connection: one table. */
import { rejoinDelayMs } from './close-policy.ts';

/** All in ms. */
export interface VoiceTimings {
  /** From asking to join until the first packet could come. */
  readonly joinTimeoutMs: number;
  /** How often to rejoin before giving up, and how long to wait before each time. */
  readonly rejoinDelaysMs: readonly number[];
  /** A connection that held for so long counts as good: the next trouble starts with the first delay again. */
  readonly steadyAfterMs: number;
  /** For so long after joining, to be named as a speaker does not mean to speak. */
  readonly introductionMs: number;
  /** How long somebody may speak without one frame decrypted. */
  readonly unheardPatienceMs: number;
  /** After 4014: how long the gateway has to say whether it was a kick, a move or a deletion, or to name another voice server. */
  readonly farewellMs: number;
  /** How long to wait for a gateway that is gone before giving up. */
  readonly gatewayPatienceMs: number;
}

export const VOICE_TIMINGS: VoiceTimings = {
  joinTimeoutMs: 15_000,
  rejoinDelaysMs: Array.from({ length: 8 }, (_, attempt) => rejoinDelayMs(attempt)),
  steadyAfterMs: 60_000,
  introductionMs: 3000,
  unheardPatienceMs: 8000,
  farewellMs: 2000,
  gatewayPatienceMs: 10 * 60_000,
};
