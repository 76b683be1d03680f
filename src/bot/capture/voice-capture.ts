/** What the rest of the bot knows of receiving voice: frames, speaking signals and drops. One port, so that its one adapter can be swapped. */
import type { RtpMetadata } from '../../protocol/nonce.ts';

/** One decrypted Opus frame of one person, as it stood in that person's RTP stream. */
export interface CapturedFrame extends RtpMetadata {
  readonly userId: string;
  readonly opus: Uint8Array;
}

/** Why a datagram of the voice server became no frame. */
export type CaptureDropReason =
  | 'malformed'
  | 'unknown-ssrc'
  | 'no-key'
  | 'transport'
  | 'padding'
  | 'empty'
  | 'duplicate'
  | 'dave'
  | 'dave-not-ready'
  | 'off-air';
export type CaptureDrops = Record<CaptureDropReason, number>;

export function noDrops(): CaptureDrops {
  return {
    malformed: 0,
    'unknown-ssrc': 0,
    'no-key': 0,
    transport: 0,
    padding: 0,
    empty: 0,
    duplicate: 0,
    dave: 0,
    'dave-not-ready': 0,
    'off-air': 0,
  };
}

/** What a capture tells. None of these may throw. */
export interface CaptureSink {
  /** Asked for each packet before it is decrypted: whether this person is to be heard at all. */
  mayHear(userId: string): boolean;
  onFrame(frame: CapturedFrame): void;
  /** The voice server says that a person starts to speak: a frame is due. */
  onSpeaking(userId: string): void;
  /** @param userId whose packet it was, where that is known */
  onDrop(reason: CaptureDropReason, userId?: string): void;
}
