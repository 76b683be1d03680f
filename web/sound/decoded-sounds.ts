/** Gives sound that was decoded elsewhere to who asks for packets to be decoded, and makes up what never came. Pure. */
import { type Channels, FRAME_SAMPLES } from '../../src/audio/frame.ts';
import type { OpusCodec, OpusDecoder } from '../../src/audio/opus-codec.ts';
import { isStereo } from '../../src/audio/opus-packet.ts';
import { Concealment } from './concealment.ts';
import type { DecodedPacket } from './decoded-packet.ts';

/** So many packets of all speakers are looked through for one that comes again: a second of eight. */
const RECENT_PACKETS = 400;
/** What was made up gives way to what is true for so long. */
const BLEND_SAMPLES = 240;

/** Speakers and their jitter buffers know packets; here each of them has its sound by its side. */
export class DecodedSounds implements OpusCodec {
  readonly #packets = new WeakMap<Uint8Array, DecodedPacket>();
  /** The packets of the last second, by `keyOf`; oldest first. */
  readonly #recent = new Map<string, Uint8Array>();
  readonly #onPlayed: (packet: DecodedPacket) => void;
  /** Counts frames of 20 ms: the decoders' only time. */
  frame = 0;

  /** @param onPlayed hears of each packet whose sound was asked for */
  constructor(onPlayed: (packet: DecodedPacket) => void) {
    this.#onPlayed = onPlayed;
  }

  /**
   * From now on `packet.opus` can be decoded, until nobody has it any more.
   * @returns whether it is new; else the sound of the one that came before has become this
   */
  add(packet: DecodedPacket): boolean {
    const key = keyOf(packet);
    const before = this.#recent.get(key);
    this.#packets.set(before ?? packet.opus, packet);
    if (before) return false;
    this.#recent.set(key, packet.opus);
    if (this.#recent.size > RECENT_PACKETS) {
      for (const oldest of this.#recent.keys()) {
        this.#recent.delete(oldest);
        break;
      }
    }
    return true;
  }

  /** @throws Error for what was never added */
  take(opus: Uint8Array): DecodedPacket {
    const packet = this.#packets.get(opus);
    if (!packet) throw new Error('This packet was not decoded.');
    this.#onPlayed(packet);
    return packet;
  }

  takeDecoder(channels: Channels): OpusDecoder {
    return new DecodedVoice(channels, this);
  }

  /** There is none: what is heard here goes to a loudspeaker. */
  takeEncoder(): undefined {
    return undefined;
  }

  close(): void {
    // There is nothing to free.
  }
}

class DecodedVoice implements OpusDecoder {
  readonly channels: Channels;
  readonly #sounds: DecodedSounds;
  readonly #concealment: Concealment;
  readonly #blend: Float32Array;
  readonly #made: Float32Array;
  /** When something was made up last. */
  #madeIn = -Infinity;

  constructor(channels: Channels, sounds: DecodedSounds) {
    this.channels = channels;
    this.#sounds = sounds;
    this.#concealment = new Concealment(channels);
    this.#blend = new Float32Array(BLEND_SAMPLES * channels);
    this.#made = new Float32Array(FRAME_SAMPLES * channels);
  }

  decode(opus: Uint8Array): Float32Array {
    const { pcm: sound } = this.#sounds.take(opus);
    const pcm = this.channels === 2 && !isStereo(opus) ? inBothChannels(sound) : sound;
    // Later than that, what was made up has faded, and a new run begins.
    if (this.#sounds.frame - this.#madeIn <= 1) this.#blendIn(pcm);
    this.#madeIn = -Infinity;
    this.#concealment.remember(pcm);
    return pcm;
  }

  recover(): Float32Array {
    return this.conceal(FRAME_SAMPLES);
  }

  conceal(samples: number): Float32Array {
    const made = this.#made.subarray(0, samples * this.channels);
    this.#concealment.make(made);
    this.#madeIn = this.#sounds.frame;
    return made;
  }

  free(): void {
    // There is nothing to free.
  }

  #blendIn(pcm: Float32Array): void {
    const blend = this.#blend;
    this.#concealment.make(blend);
    const end = Math.min(blend.length, pcm.length);
    for (let index = 0; index < end; index++) {
      const share = index / end;
      pcm[index] = blend[index]! * (1 - share) + pcm[index]! * share;
    }
  }
}

function keyOf({ ssrc, sequence, timestamp }: DecodedPacket): string {
  return `${ssrc} ${sequence} ${timestamp}`;
}

function inBothChannels(mono: Float32Array): Float32Array {
  const both = new Float32Array(2 * mono.length);
  for (let index = 0; index < both.length; index++) both[index] = mono[index >> 1]!;
  return both;
}
