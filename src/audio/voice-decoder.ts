/** One speaker's packets to sound, whatever is missing or broken: frames of 20 ms without a gap. */
import type { Playout } from './jitter-buffer.ts';
import { type Channels, FRAME_SAMPLES } from './frame.ts';
import type { OpusCodec, OpusDecoder } from './opus-codec.ts';
import { isSilence, isStereo } from './opus-packet.ts';

/** After so many lost frames in a row, concealment has faded to nothing. */
const FADE_FRAMES = 6;
/** What comes back after a fade swells for this long. */
const RETURN_SAMPLES = 240;
/** Merging two frames: how long they overlap, and in what steps the place is looked for. */
const OVERLAP_SAMPLES = 240;
const OVERLAP_STEP = 24;
/** A packet this short says "nothing to send" (DTX, RFC 6716 §2.1.9). */
const DTX_BYTES = 2;
/** Decoding silence, a decoder has nothing left to say after so many frames. */
const RINGING_FRAMES = 2;

export interface DecodingCounts {
  /** Frames made up for lost ones, by concealment. */
  concealed: number;
  /** Packets that are not Opus. */
  undecodable: number;
  /** Pairs of frames made into one. */
  merged: number;
  /** Turns in which what there was to hear had to wait for a decoder or an encoder. */
  unready: number;
}

export interface VoiceFrame {
  /** 20 ms, channels interleaved, or nothing for true silence. Holds until the next call. */
  readonly pcm: Float32Array | undefined;
  /** The packet that sounds exactly like this frame, if there is one. */
  readonly packet: Uint8Array | undefined;
  /** Whether it is anything but a sender's silence. */
  readonly isSpeech: boolean;
}

const NOTHING: VoiceFrame = { pcm: undefined, packet: undefined, isSpeech: false };

export class VoiceDecoder {
  readonly #codec: OpusCodec;
  readonly #counts: DecodingCounts;
  #decoder: OpusDecoder | undefined;
  #lastPacket: Uint8Array | undefined;
  /** How many frames in a row were made up, and how much of the voice was left at the end of the last. */
  #losses = 0;
  #fade = 1;
  #silentFrames = RINGING_FRAMES;
  /** What the last packet has beyond its first 20 ms. */
  #rest: Float32Array | undefined;
  #wasSpeech = false;

  constructor(codec: OpusCodec, counts: DecodingCounts) {
    this.#codec = codec;
    this.#counts = counts;
  }

  /** Of the frames to come: two once the speaker has sent stereo. */
  get channels(): Channels {
    return this.#decoder?.channels ?? 1;
  }

  /** Whether packets can be played: what has no decoder yet is to wait for one. @param needsStereo what the first of them is */
  prepare(needsStereo: boolean): boolean {
    this.#decoder ??= this.#codec.takeDecoder(needsStereo ? 2 : 1);
    if (!this.#decoder) this.#counts.unready += 1;
    return this.#decoder !== undefined;
  }

  play(playout: Playout): VoiceFrame {
    const frame = this.#play(playout);
    this.#wasSpeech = frame.isSpeech;
    return frame;
  }

  free(): void {
    this.#decoder?.free();
    this.#decoder = undefined;
  }

  #play(playout: Playout): VoiceFrame {
    if (playout.is === 'hold' && this.#rest) return this.#playSound(this.#rest);
    this.#rest = undefined;
    if (playout.is === 'frame') return this.#playPacket(playout.opus);
    if (playout.is === 'merge') return this.#merge(playout.first, playout.second);
    if (playout.is === 'lost') return this.#conceal(playout.next);
    if (playout.is === 'hold') return this.#conceal(undefined);
    // Who stops in the middle of a sound is faded out.
    if (this.#wasSpeech && this.#fade > 0) return this.#fadeOut();
    // Who begins after silence begins as they are.
    this.#fade = 1;
    this.#losses = 0;
    return NOTHING;
  }

  #playPacket(opus: Uint8Array): VoiceFrame {
    if (!isSilence(opus)) this.#silentFrames = 0;
    else if (++this.#silentFrames > RINGING_FRAMES) return { pcm: undefined, packet: opus, isSpeech: false };
    const pcm = this.#decode(opus);
    if (!pcm) return this.#conceal(undefined);
    if (pcm.length !== FRAME_SAMPLES * this.channels) return this.#playSound(pcm);
    const isSpeech = opus.length > DTX_BYTES && this.#silentFrames === 0;
    return { pcm, packet: this.#swell(pcm) ? undefined : opus, isSpeech };
  }

  /** Sound that is not one frame: what is too long waits for the next, what is too short is filled up. */
  #playSound(sound: Float32Array): VoiceFrame {
    const size = FRAME_SAMPLES * this.channels;
    this.#rest = sound.length > size ? sound.slice(size) : undefined;
    let pcm = sound.subarray(0, size);
    if (pcm.length < size) {
      const decoder = this.#decoder;
      pcm = new Float32Array(size);
      pcm.set(sound);
      // Packets last a multiple of 2.5 ms, and so does what is missing.
      if (decoder) pcm.set(decoder.conceal((size - sound.length) / this.channels), sound.length);
    }
    this.#swell(pcm);
    return { pcm, packet: undefined, isSpeech: true };
  }

  /** @returns whether the frame is not as it was sent */
  #swell(pcm: Float32Array): boolean {
    const isFaded = this.#fade < 1;
    if (isFaded) ramp(pcm, this.channels, this.#fade, 1, RETURN_SAMPLES);
    this.#fade = 1;
    this.#losses = 0;
    return isFaded;
  }

  #merge(first: Uint8Array, second: Uint8Array): VoiceFrame {
    if (isSilence(first) && isSilence(second)) return this.#playPacket(second);
    const early = this.#decode(first);
    const channels = this.channels;
    const late = this.#decode(second);
    // What was mono cannot be joined to what is stereo now.
    const isAlike = channels === this.channels;
    const only = late ?? (isAlike ? early : undefined);
    if (!only) return this.#conceal(undefined);
    this.#silentFrames = 0;
    return early && late && isAlike ? this.#join(early, late) : this.#playSound(only);
  }

  /** Two packets of 10 ms are a frame; of what is longer, the end is joined to the beginning. */
  #join(early: Float32Array, late: Float32Array): VoiceFrame {
    const sound = new Float32Array(early.length + late.length);
    sound.set(early);
    sound.set(late, early.length);
    const size = FRAME_SAMPLES * this.channels;
    if (sound.length <= size) return this.#playSound(sound);
    this.#counts.merged += 1;
    const end = sound.slice(-size);
    crossFade(sound, end, this.channels);
    return this.#playSound(end);
  }

  #conceal(next: Uint8Array | undefined): VoiceFrame {
    const decoder = this.#decoder;
    if (!decoder || this.#silentFrames > 0 || this.#losses >= FADE_FRAMES) return NOTHING;
    this.#counts.concealed += 1;
    const pcm = concealedBy(decoder, next);
    this.#losses += 1;
    const fade = 1 - (this.#losses - 1) / (FADE_FRAMES - 1);
    if (fade < 1) ramp(pcm, decoder.channels, this.#fade, fade, FRAME_SAMPLES);
    this.#fade = fade;
    return { pcm, packet: undefined, isSpeech: true };
  }

  #fadeOut(): VoiceFrame {
    const decoder = this.#decoder;
    if (!decoder) return NOTHING;
    const pcm = decoder.conceal(FRAME_SAMPLES);
    ramp(pcm, decoder.channels, this.#fade, 0, FRAME_SAMPLES);
    this.#fade = 0;
    return { pcm, packet: undefined, isSpeech: true };
  }

  /** @returns undefined for what is not Opus */
  #decode(opus: Uint8Array): Float32Array | undefined {
    const decoder = this.#decoderFor(opus);
    if (!decoder) {
      this.#counts.unready += 1;
      return undefined;
    }
    try {
      const pcm = decoder.decode(opus);
      this.#lastPacket = opus;
      return pcm;
    } catch {
      this.#counts.undecodable += 1;
      return undefined;
    }
  }

  /** Mono costs half as much; most voices are. */
  #decoderFor(opus: Uint8Array): OpusDecoder | undefined {
    const needsStereo = isStereo(opus);
    if (this.#decoder && (this.#decoder.channels === 2 || !needsStereo)) return this.#decoder;
    const decoder = this.#codec.takeDecoder(needsStereo ? 2 : 1);
    if (!decoder) return this.#decoder;
    this.#decoder?.free();
    this.#decoder = decoder;
    // So that it does not begin in the middle of a word knowing nothing.
    if (this.#lastPacket) decoder.decode(this.#lastPacket);
    return decoder;
  }
}

function concealedBy(decoder: OpusDecoder, next: Uint8Array | undefined): Float32Array {
  if (next && next.length > 0) {
    try {
      return decoder.recover(next);
    } catch {
      // Not Opus; its own turn will count it.
    }
  }
  return decoder.conceal(FRAME_SAMPLES);
}

/** Multiplies with a line from one gain to another over the first samples, and with the latter from there on. */
export function ramp(pcm: Float32Array, channels: Channels, from: number, to: number, samples: number): void {
  const slope = (to - from) / samples;
  const end = samples * channels;
  let gain = from;
  for (let index = 0; index < end; gain += slope) {
    for (let channel = 0; channel < channels; channel++, index++) pcm[index]! *= gain;
  }
  if (to !== 1) for (let index = end; index < pcm.length; index++) pcm[index]! *= to;
}

/** Begins as the early frame and ends as the late one, changing over where the two are most alike. Written into the late one. */
function crossFade(early: Float32Array, late: Float32Array, channels: Channels): void {
  const length = OVERLAP_SAMPLES * channels;
  const step = OVERLAP_STEP * channels;
  let best = 0;
  let bestLikeness = -Infinity;
  for (let start = 0; start + length <= late.length; start += step) {
    const likeness = likenessOf(early, late, start, start + length);
    if (likeness > bestLikeness) {
      best = start;
      bestLikeness = likeness;
    }
  }
  for (let index = 0; index < length; index++) {
    const share = index / length;
    late[best + index] = early[best + index]! * (1 - share) + late[best + index]! * share;
  }
  late.set(early.subarray(0, best));
}

/** Normalised correlation, −1 to 1; 0 where either is silent. */
function likenessOf(one: Float32Array, other: Float32Array, start: number, end: number): number {
  let product = 0;
  let ones = 1e-9;
  let others = 1e-9;
  for (let index = start; index < end; index++) {
    product += one[index]! * other[index]!;
    ones += one[index]! ** 2;
    others += other[index]! ** 2;
  }
  return product / Math.sqrt(ones * others);
}
