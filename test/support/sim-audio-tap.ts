/** Hears what a real @discordjs/voice connection receives, with everything that RTP says about it. */
import { VoiceConnectionStatus, type VoiceConnection } from '@discordjs/voice';
import { decodeRtp } from '../../simulator/voice/rtp.ts';
import { TransportCipher, isTransportMode } from '../../simulator/voice/transport-cipher.ts';

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

/** Taps a connection in place of the library's own receiver, which forgets sequence and timestamp. */
export function tapAudio(connection: VoiceConnection): AudioTap {
  const tap: AudioTap = { frames: [], drops: {} };
  const drop = (reason: string): void => {
    tap.drops[reason] = (tap.drops[reason] ?? 0) + 1;
  };
  const { receiver } = connection;
  const hear = (datagram: Buffer): void => {
    if (datagram.length < 32) return drop('short');
    const speaker = receiver.ssrcMap.get(datagram.readUInt32BE(8));
    if (!speaker) return drop('unknown ssrc');
    const { encryptionMode, secretKey } = receiver.connectionData;
    if (!isTransportMode(encryptionMode) || !secretKey) return drop('no key');
    let packet;
    try {
      packet = decodeRtp(new TransportCipher(encryptionMode, Buffer.from(secretKey)).open(datagram));
    } catch {
      return drop('transport');
    }
    if (packet.payload.length === 0) return drop('empty');
    const opus = openDave(connection, packet.payload, speaker.userId);
    if (!opus) return drop('dave');
    const { sequence, timestamp, ssrc } = packet;
    tap.frames.push({ userId: speaker.userId, sequence, timestamp, ssrc, opus });
    return undefined;
  };
  // The library has bound its own method to the socket already if the connection is up.
  const socket = udpOf(connection);
  if (socket) {
    socket.removeAllListeners('message');
    socket.on('message', hear);
  }
  receiver.onUdpMessage = hear;
  return tap;
}

function openDave(connection: VoiceConnection, payload: Buffer, userId: string): Buffer | null {
  if (connection.state.status !== VoiceConnectionStatus.Ready) return payload;
  const { state } = connection.state.networking;
  return 'dave' in state && state.dave ? state.dave.decrypt(payload, userId) : payload;
}

function udpOf(connection: VoiceConnection) {
  if (connection.state.status !== VoiceConnectionStatus.Ready) return undefined;
  const { state } = connection.state.networking;
  return 'udp' in state ? state.udp : undefined;
}
