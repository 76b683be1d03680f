/**
 * Receives voice from a connection of @discordjs/voice 0.19.
 *
 * The library's own `VoiceReceiver.subscribe()` loses sequence, timestamp and SSRC, and one forged datagram ends its stream.
 * So this takes the place of the receiver's two entry points, which are typed and bound anew to each new socket, and uses
 * the rest of the receiver (who has which SSRC, the transport key) and the connection's DAVE session.
 */
import type { VoiceConnection, VoiceReceiver } from '@discordjs/voice';
import { isSilence } from '../../audio/opus-packet.ts';
import { type RtpHeader, payloadOf, readRtpHeader } from '../transport/rtp-packet.ts';
import { KeyedCipher, type TransportCipher } from '../transport/transport-cipher.ts';
import type { CaptureDropReason, CaptureSink } from './voice-capture.ts';

const OP_SPEAKING = 5;
const OP_CLIENT_DISCONNECT = 13;
const MICROPHONE = 1;
const KEEP_ALIVE_BYTES = 8;
const DISCOVERY_BYTES = 74;
const DISCOVERY_ANSWER = 2;

/** Starts to capture; call it right after `joinVoiceChannel`, before the connection has a socket. */
export function captureFrom(connection: VoiceConnection, sink: CaptureSink): void {
  const { receiver } = connection;
  const capture = new ConnectionCapture(connection, sink);
  const learnSsrc = receiver.onWsPacket.bind(receiver);
  receiver.onWsPacket = (packet: Parameters<VoiceReceiver['onWsPacket']>[0]) => {
    learnSsrc(packet);
    capture.onVoiceServerMessage(packet.op, packet.d);
  };
  receiver.onUdpMessage = (datagram: Buffer) => capture.onDatagram(datagram);
}

class ConnectionCapture {
  readonly #connection: VoiceConnection;
  readonly #sink: CaptureSink;
  readonly #seen = new Map<number, RecentSequences>();
  readonly #cipher = new KeyedCipher();

  constructor(connection: VoiceConnection, sink: CaptureSink) {
    this.#connection = connection;
    this.#sink = sink;
  }

  onVoiceServerMessage(op: number, data: unknown): void {
    if (op === OP_SPEAKING) {
      const { speaking, user_id: userId } = data as { speaking: number; user_id: string };
      if (speaking & MICROPHONE) this.#sink.onSpeaking(userId);
    } else if (op === OP_CLIENT_DISCONNECT) {
      this.#forgetUnknownSpeakers();
    }
  }

  onDatagram(datagram: Buffer): void {
    if (isHousekeeping(datagram)) return undefined;
    const header = readRtpHeader(datagram);
    if (!header) return this.#sink.onDrop('malformed');
    const userId = this.#connection.receiver.ssrcMap.get(header.ssrc)?.userId;
    if (userId === undefined) return this.#sink.onDrop('unknown-ssrc');
    if (!this.#sink.mayHear(userId)) return this.#sink.onDrop('off-air', userId);
    const opus = this.#opusOf(datagram, header, userId);
    if (typeof opus === 'string') return this.#sink.onDrop(opus, userId);
    const { sequence, timestamp, ssrc } = header;
    return this.#sink.onFrame({ userId, sequence, timestamp, ssrc, opus });
  }

  #opusOf(datagram: Buffer, header: RtpHeader, userId: string): Buffer | CaptureDropReason {
    const transport = this.#transport();
    if (!transport) return 'no-key';
    const decrypted = transport.open(datagram, header.headerBytes);
    if (!decrypted) return 'transport';
    // Only now is the packet known to be the voice server's: nothing before this line may change what we remember.
    if (!this.#firstTime(header)) return 'duplicate';
    const payload = payloadOf(decrypted, header);
    if (!payload) return 'padding';
    if (payload.length === 0) return 'empty';
    return this.#endToEnd(payload, userId);
  }

  #endToEnd(payload: Buffer, userId: string): Buffer | 'dave' | 'dave-not-ready' {
    const { state } = this.#connection;
    const networking = 'networking' in state ? state.networking.state : undefined;
    const dave = networking && 'dave' in networking ? networking.dave : undefined;
    if (!dave || isSilence(payload)) return payload;
    // Until it is in the group the library hands out whatever came in: encrypted still, or never.
    if (dave.protocolVersion !== 0 && !dave.session?.ready) return 'dave-not-ready';
    try {
      return dave.decrypt(payload, userId) ?? 'dave';
    } catch {
      return 'dave';
    }
  }

  #transport(): TransportCipher | undefined {
    const { encryptionMode, secretKey } = this.#connection.receiver.connectionData;
    return encryptionMode && secretKey ? this.#cipher.of(encryptionMode, secretKey) : undefined;
  }

  #firstTime({ ssrc, sequence }: RtpHeader): boolean {
    let recent = this.#seen.get(ssrc);
    if (!recent) {
      recent = new RecentSequences();
      this.#seen.set(ssrc, recent);
    }
    return recent.accept(sequence);
  }

  #forgetUnknownSpeakers(): void {
    for (const ssrc of this.#seen.keys()) {
      if (!this.#connection.receiver.ssrcMap.get(ssrc)) this.#seen.delete(ssrc);
    }
  }
}

/** The voice server's echo of a keep-alive and its answer to the address discovery, which the library asked for. */
function isHousekeeping(datagram: Buffer): boolean {
  if (datagram.length === KEEP_ALIVE_BYTES) return true;
  return datagram.length === DISCOVERY_BYTES && datagram.readUInt16BE(0) === DISCOVERY_ANSWER;
}

/** The last sequence numbers of one speaker: a datagram that the network doubled comes within a few packets. */
class RecentSequences {
  static readonly #size = 256;
  readonly #slots = new Int32Array(RecentSequences.#size).fill(-1);

  accept(sequence: number): boolean {
    const slot = sequence % RecentSequences.#size;
    if (this.#slots[slot] === sequence) return false;
    this.#slots[slot] = sequence;
    return true;
  }
}
