/** Who is in which voice channel of a guild, and how: what VOICE_STATE_UPDATE tells. */
import type { JsonObject } from './json.ts';

export interface VoiceState {
  readonly userId: string;
  /** Null for who is in none (any more). */
  readonly channelId: string | null;
  readonly sessionId: string;
  readonly selfMute: boolean;
  readonly selfDeaf: boolean;
  /** By a moderator. */
  readonly mute: boolean;
  /** In a stage channel: whether one is in the audience. */
  readonly suppress: boolean;
  /** When the hand went up, ISO 8601. */
  readonly requestToSpeakAt: string | null;
}

export type VoiceStateChange = Partial<Omit<VoiceState, 'userId'>>;

export class VoiceStates {
  readonly #states = new Map<string, VoiceState>();
  readonly #announce: (state: VoiceState) => void;

  /** @param announce called with every new state */
  constructor(announce: (state: VoiceState) => void) {
    this.#announce = announce;
  }

  /** The state of everybody who is in a channel. */
  get all(): readonly VoiceState[] {
    return [...this.#states.values()];
  }

  get(userId: string): VoiceState | undefined {
    return this.#states.get(userId);
  }

  /** The ids of those in a channel. */
  in(channelId: string): string[] {
    return this.all.filter((state) => state.channelId === channelId).map((state) => state.userId);
  }

  /** Changes a state and announces it; a state without a channel is then forgotten. */
  change(userId: string, change: VoiceStateChange): VoiceState {
    const before = this.#states.get(userId) ?? {
      userId,
      channelId: null,
      sessionId: '',
      selfMute: false,
      selfDeaf: false,
      mute: false,
      suppress: false,
      requestToSpeakAt: null,
    };
    const state = { ...before, ...change };
    if (state.channelId === null) this.#states.delete(userId);
    else this.#states.set(userId, state);
    this.#announce(state);
    return state;
  }
}

/** A voice state as Discord's API shows one, but for guild and member. */
export function voiceStatePayload(state: VoiceState): JsonObject {
  return {
    user_id: state.userId,
    channel_id: state.channelId,
    session_id: state.sessionId,
    deaf: false,
    mute: state.mute,
    self_deaf: state.selfDeaf,
    self_mute: state.selfMute,
    self_video: false,
    suppress: state.suppress,
    request_to_speak_timestamp: state.requestToSpeakAt,
  };
}
