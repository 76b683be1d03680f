/** Hears what a real @discordjs/voice connection receives, with everything that RTP says about it. */
import { VoiceConnectionStatus, type VoiceConnection } from '@discordjs/voice';
import { decodeRtp } from '../../simulator/voice/rtp.ts';
import { TransportCipher, isTransportMode } from '../../simulator/voice/transport-cipher.ts';
import type { SpokenFrame } from '../../simulator/voice/frame-log.ts';

export interface TappedFrame {
  readonly userId: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly opus: Buffer;
}

export interface AudioTap {
  readonly frames: TappedFrame[];
  /** Datagrams that could not be heard, by reason. */
  readonly drops: Record<string, number>;
}

/** Taps a connection that has just been made, in place of the library's own receiver, which forgets the sequence. */
export function tapAudio(connection: VoiceConnection): AudioTap {
  const tap: AudioTap = { frames: [], drops: {} };
  connection.receiver.onUdpMessage = (datagram) => {
    if (isUpkeep(datagram)) return;
    const heard = hear(connection, datagram);
    if (typeof heard === 'string') tap.drops[heard] = (tap.drops[heard] ?? 0) + 1;
    else tap.frames.push(heard);
  };
  return tap;
}

/** The frames that should have been heard and were not, or not as they were said. */
export function missing(said: readonly SpokenFrame[], heard: readonly TappedFrame[]): SpokenFrame[] {
  const bySpeech = new Map(heard.map((frame) => [keyOf(frame), frame.opus]));
  return said.filter((frame) => !bySpeech.get(keyOf(frame))?.equals(frame.opus));
}

/** The answers to IP discovery and keep-alives, which are no audio. */
function isUpkeep(datagram: Buffer): boolean {
  return datagram.length === 8 || (datagram.length === 74 && datagram[0] === 0);
}

function hear(connection: VoiceConnection, datagram: Buffer): TappedFrame | string {
  const { receiver } = connection;
  if (datagram.length < 32) return 'short';
  const speaker = receiver.ssrcMap.get(datagram.readUInt32BE(8));
  if (!speaker) return 'unknown ssrc';
  const { encryptionMode, secretKey } = receiver.connectionData;
  if (!isTransportMode(encryptionMode) || !secretKey) return 'no key';
  try {
    const packet = decodeRtp(new TransportCipher(encryptionMode, Buffer.from(secretKey)).open(datagram));
    const { sequence, timestamp, ssrc, payload } = packet;
    if (payload.length === 0) return 'empty';
    const opus = openDave(connection, payload, speaker.userId);
    return opus ? { userId: speaker.userId, sequence, timestamp, ssrc, opus } : 'dave';
  } catch {
    return 'transport';
  }
}

function openDave(connection: VoiceConnection, payload: Buffer, userId: string): Buffer | null {
  if (connection.state.status !== VoiceConnectionStatus.Ready) return null;
  const { state } = connection.state.networking;
  return 'dave' in state && state.dave ? state.dave.decrypt(payload, userId) : payload;
}

function keyOf({ ssrc, sequence, timestamp }: Omit<TappedFrame, 'opus' | 'userId'>): string {
  return `${ssrc} ${sequence} ${timestamp}`;
}
