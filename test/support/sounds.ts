/** Sounds to measure and to mix: tones, noise, and decoded speech. */
import type { Channels } from '../../src/audio/frame.ts';
import type { OpusCodec } from '../../src/audio/opus-codec.ts';

const SAMPLE_RATE = 48_000;

export interface Tone {
  readonly hz: number;
  /** Of the peak. */
  readonly dbfs: number;
  readonly seconds: number;
  /** Where in its period it begins, in degrees. */
  readonly phase?: number;
}

/** One channel. */
export function tone({ hz, dbfs, seconds, phase = 0 }: Tone): Float32Array {
  const peak = 10 ** (dbfs / 20);
  const start = (phase * Math.PI) / 180;
  const step = (2 * Math.PI * hz) / SAMPLE_RATE;
  return new Float32Array(Math.round(seconds * SAMPLE_RATE)).map(
    (_, index) => peak * Math.sin(start + step * index),
  );
}

/** The same in both channels, interleaved. */
export function inBothEars(mono: Float32Array): Float32Array {
  return new Float32Array(2 * mono.length).map((_, index) => mono[index >> 1]!);
}

export function joined(sounds: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(sounds.reduce((length, sound) => length + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    all.set(sound, at);
    at += sound.length;
  }
  return all;
}

/** Cut into pieces of 20 ms; what is left over at the end is left out. */
export function inFrames(pcm: Float32Array, channels: Channels): Float32Array[] {
  const size = 960 * channels;
  return Array.from({ length: Math.floor(pcm.length / size) }, (_, index) =>
    pcm.slice(index * size, (index + 1) * size),
  );
}

/** What a decoder makes of packets, one after the other. */
export function decoded(codec: OpusCodec, packets: readonly Uint8Array[], channels: Channels): Float32Array {
  const decoder = codec.takeDecoder(channels);
  if (!decoder) throw new Error('no decoder is ready');
  const sound = joined(packets.map((packet) => decoder.decode(packet)));
  decoder.free();
  return sound;
}

export function encoded(codec: OpusCodec, pcm: Float32Array, channels: Channels): Uint8Array[] {
  const encoder = codec.takeEncoder(channels);
  if (!encoder) throw new Error('no encoder is ready');
  const packets = inFrames(pcm, channels).map((frame) => encoder.encode(frame));
  encoder.free();
  return packets;
}

/** dB of one frequency of a sound. */
export function levelAt(hz: number, pcm: Float32Array): number {
  let real = 0;
  let imaginary = 0;
  for (const [index, sample] of pcm.entries()) {
    const angle = (2 * Math.PI * hz * index) / 48_000;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  }
  return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / pcm.length);
}

/** A packet of 20 ms that no encoder makes: decoded again and again, it is five million times as loud as full scale. */
export const CRAFTED_PACKET: Uint8Array = Buffer.from(
  '+GHxR3K7QfmlAwjxNjn3vN2tKPJBBN/nC6qIDnNY9ezYsVqBBB9OksAjutW0QySowHgCx2r/RQ4o8pyZLsBBQxHk7ppWThZazgUSVHtvbCn9woiLi37ncZb12ZDdkUw=',
  'base64',
);
