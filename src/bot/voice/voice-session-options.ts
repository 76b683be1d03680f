/** What a voice session is to do, and what it tells of itself. */
import type { DiscordGatewayAdapterCreator } from '@discordjs/voice';
import type { Text } from '../../texts/catalogue.ts';
import type { CapturedFrame } from '../capture/voice-capture.ts';
import type { VoiceTimings } from './voice-timings.ts';

export interface VoiceSessionOptions {
  readonly guildId: string;
  readonly channelId: string;
  readonly adapterCreator: DiscordGatewayAdapterCreator;
  /** Takes what is said there; without it the bot is deaf, and people see that. */
  readonly capture?: Capture | undefined;
  /** How long to wait before joining, ms. */
  readonly joinDelayMs: number;
  readonly timings: VoiceTimings;
  /** Whether Discord's gateway would tell of a kick now, and take a wish to join. */
  readonly isGatewayReady: () => boolean;
  readonly events: VoiceSessionEvents;
}

export interface Capture {
  /** Asked for each packet before it is decrypted: whether this person is to be heard at all. */
  mayHear(userId: string): boolean;
  onFrame(frame: CapturedFrame): void;
  /** A packet of this person came and could not be decrypted. */
  onUndecryptable(userId: string): void;
}

interface VoiceSessionEvents {
  /** In the channel, able to hear: the first time and after each return. */
  onReady(): void;
  /** Out of the channel for now and on the way back. */
  onTrouble(why: Text): void;
  /** People speak and cannot be heard; a return is under way. */
  onUnheard(userIds: readonly string[]): void;
  /** Out of the channel for good. */
  onEnded(why: Text): void;
}
