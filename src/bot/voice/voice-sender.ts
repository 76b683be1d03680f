/**
 * Sends Opus frames into a voice connection of @discordjs/voice 0.19.
 *
 * The library would encrypt them itself, but it takes its XChaCha20 from whichever package a dynamic import finds first,
 * and the namespaces of sodium-native and libsodium-wrappers lack what it then reads from them: on a voice server that
 * offers XChaCha20 alone every frame would throw. So the transport encryption is ours here as it is in capture.
 */
import { NetworkingStatusCode, type VoiceConnection, VoiceConnectionStatus } from '@discordjs/voice';
import { writeRtpHeader } from '../transport/rtp-packet.ts';
import { transportCipher } from '../transport/transport-cipher.ts';

const U16 = 2 ** 16;
const U32 = 2 ** 32;
const FRAME_SAMPLES = 960;

/**
 * Sends these frames of 20 ms now, one after the other.
 * @returns false when the connection is not ready to send
 */
export function sendFrames(connection: VoiceConnection, frames: readonly Buffer[]): boolean {
  if (connection.state.status !== VoiceConnectionStatus.Ready) return false;
  const { networking } = connection.state;
  if (networking.state.code !== NetworkingStatusCode.Ready) return false;
  const { connectionData: data, dave, udp } = networking.state;
  const cipher = transportCipher(data.encryptionMode, data.secretKey);
  if (!cipher) return false;
  networking.setSpeaking(true);
  for (const frame of frames) {
    data.sequence = (data.sequence + 1) % U16;
    data.timestamp = (data.timestamp + FRAME_SAMPLES) % U32;
    data.nonce = (data.nonce + 1) % U32;
    udp.send(cipher.seal(writeRtpHeader(data), dave?.encrypt(frame) ?? frame, data.nonce));
  }
  networking.setSpeaking(false);
  return true;
}
