/** Opus by WebCodecs: each packet's sound, by its side. */
import { isStereo, opusSamples } from '../../src/audio/opus-packet.ts';
import type { DecodedPacket, ReceivedPacket } from './decoded-packet.ts';
import type { PacketDecoder } from './speaker-decoders.ts';

const CONFIG: AudioDecoderConfig = { codec: 'opus', sampleRate: 48_000, numberOfChannels: 2 };
const US_PER_SAMPLE = 1000 / 48;

/** Whether this browser has it, here. */
export async function canDecodeOpus(): Promise<boolean> {
  if (typeof AudioDecoder === 'undefined') return false;
  try {
    return (await AudioDecoder.isConfigSupported(CONFIG)).supported === true;
  } catch {
    return false;
  }
}

interface Waiting {
  readonly timestampUs: number;
  readonly packet: ReceivedPacket;
  readonly isHeard: boolean;
}

export class WebOpusDecoder implements PacketDecoder {
  readonly #decoder: AudioDecoder;
  /** In the order of decoding, which is also that of what comes out. */
  readonly #waiting: Waiting[] = [];
  readonly #onDecoded: (packet: DecodedPacket) => void;
  #samples = 0;

  constructor(onDecoded: (packet: DecodedPacket) => void, onFailed: () => void) {
    this.#onDecoded = onDecoded;
    this.#decoder = new AudioDecoder({ output: (data) => this.#take(data), error: onFailed });
    this.#decoder.configure(CONFIG);
  }

  get queued(): number {
    return this.#waiting.length;
  }

  decode(packet: ReceivedPacket, isHeard: boolean): void {
    // The decoder's time goes on without a gap, whatever RTP's does: a decoder sees nothing to make up for.
    const timestampUs = Math.round(this.#samples * US_PER_SAMPLE);
    this.#samples += opusSamples(packet.opus);
    this.#waiting.push({ timestampUs, packet, isHeard });
    this.#decoder.decode(
      new EncodedAudioChunk({ type: 'key', timestamp: timestampUs, data: new Uint8Array(packet.opus) }),
    );
  }

  close(): void {
    this.#waiting.length = 0;
    if (this.#decoder.state !== 'closed') this.#decoder.close();
  }

  #take(data: AudioData): void {
    const { timestamp } = data;
    let next = this.#waiting.shift();
    // What comes out with a later time is of a later packet: those before were of no sound.
    while (next && next.timestampUs < timestamp - 1) next = this.#waiting.shift();
    if (next?.isHeard) {
      this.#onDecoded({ ...next.packet, pcm: soundOf(data, isStereo(next.packet.opus) ? 2 : 1) });
    }
    data.close();
  }
}

/** @returns interleaved samples within ±1 */
function soundOf(data: AudioData, channels: 1 | 2): Float32Array {
  const frames = data.numberOfFrames;
  const plane = new Float32Array(frames);
  if (channels === 1) {
    data.copyTo(plane, { planeIndex: 0, format: 'f32-planar' });
    return clamped(plane);
  }
  const pcm = new Float32Array(2 * frames);
  for (let channel = 0; channel < 2; channel++) {
    data.copyTo(plane, { planeIndex: Math.min(channel, data.numberOfChannels - 1), format: 'f32-planar' });
    for (let index = 0; index < frames; index++) pcm[2 * index + channel] = plane[index] ?? 0;
  }
  return clamped(pcm);
}

/** A packet that no encoder made can decode to millions of times full scale. */
function clamped(pcm: Float32Array): Float32Array {
  for (let index = 0; index < pcm.length; index++) {
    const sample = pcm[index] ?? 0;
    if (sample >= -1 && sample <= 1) continue;
    // What is no number is no sound.
    pcm[index] = sample > 1 ? 1 : sample < -1 ? -1 : 0;
  }
  return pcm;
}
