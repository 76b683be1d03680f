/** Opus, made and used without waiting: the port that the programme needs, and libopus behind it (RFC 6716; WebAssembly). */
import {
  Application,
  EncoderCtl,
  type OpusDecoderHandle,
  type OpusEncoderHandle,
  createDecoder,
  createEncoder,
} from 'libopus-wasm';
import { type Channels, FRAME_SAMPLES } from './frame.ts';
import { Spares } from './spares.ts';

/** By how many samples the sound in an encoder's packet is behind what it was given (OPUS_GET_LOOKAHEAD, application "audio"). */
export const ENCODER_DELAY_SAMPLES = 312;

/** Turns one speaker's packets into sound; it remembers what went before. All PCM is float, within ±1, channels interleaved. */
export interface OpusDecoder {
  readonly channels: Channels;
  /** @returns as many samples as the packet has @throws Error for bytes that are not Opus */
  decode(opus: Uint8Array): Float32Array;
  /** The 20 ms before `next`, from its in-band FEC, or concealed when it has none. @throws Error for bytes that are not Opus */
  recover(next: Uint8Array): Float32Array;
  /** Sound in place of a packet that never came. @param samples a multiple of 120 */
  conceal(samples: number): Float32Array;
  free(): void;
}

export interface OpusEncoder {
  readonly channels: Channels;
  /** @param pcm one frame @returns bytes of the caller's own */
  encode(pcm: Float32Array): Uint8Array;
  /** Whether packets are to be decodable without what went before. */
  setIndependent(isIndependent: boolean): void;
  free(): void;
}

/** What takes from it owns it, and frees it. */
export interface OpusCodec {
  /** One that has never decoded anything; undefined when none is ready yet: ask again at the next tick. */
  takeDecoder(channels: Channels): OpusDecoder | undefined;
  /** One that has never encoded anything; undefined when none is ready yet. */
  takeEncoder(channels: Channels): OpusEncoder | undefined;
  /** Frees what nobody has taken. */
  close(): void;
}

/** Of the mixed frames. */
const MONO_KBPS = 80;
const STEREO_KBPS = 96;
/** 0–10. */
const COMPLEXITY = 4;

export interface LibopusOptions {
  /** How many decoders, and how many encoders, wait to be taken, for each number of channels. */
  readonly spares?: number;
}

/**
 * libopus makes its states asynchronously, so some wait ready-made; each one taken is replaced before the next turn of the
 * event loop. One codec serves any number of programmes of a thread.
 */
export class LibopusCodec implements OpusCodec {
  readonly #decoders: Readonly<Record<Channels, Spares<OpusDecoder>>>;
  readonly #encoders: Readonly<Record<Channels, Spares<OpusEncoder>>>;
  readonly #pools: readonly (Spares<OpusDecoder> | Spares<OpusEncoder>)[];

  private constructor({ spares = 8 }: LibopusOptions) {
    const decoders = (channels: Channels) =>
      new Spares<OpusDecoder>(
        spares,
        async () => new LibopusDecoder(await createDecoder({ channels }), channels),
        free,
      );
    const encoders = (channels: Channels, kbps: number) =>
      new Spares<OpusEncoder>(
        spares,
        async () => {
          const handle = await createEncoder({
            channels,
            application: Application.Audio,
            bitrate: kbps * 1000,
            complexity: COMPLEXITY,
          });
          return new LibopusEncoder(handle, channels);
        },
        free,
      );
    this.#decoders = { 1: decoders(1), 2: decoders(2) };
    this.#encoders = { 1: encoders(1, MONO_KBPS), 2: encoders(2, STEREO_KBPS) };
    this.#pools = [this.#decoders[1], this.#decoders[2], this.#encoders[1], this.#encoders[2]];
  }

  /** Whether all that were taken have been replaced: 8 speakers who begin at once find a decoder each. */
  get isFull(): boolean {
    return this.#pools.every((pool) => pool.isFull);
  }

  /** @throws Error when WebAssembly does not load */
  static async load(options: LibopusOptions = {}): Promise<LibopusCodec> {
    const codec = new LibopusCodec(options);
    await Promise.all(codec.#pools.map((pool) => pool.fill()));
    return codec;
  }

  takeDecoder(channels: Channels): OpusDecoder | undefined {
    return this.#decoders[channels].take();
  }

  takeEncoder(channels: Channels): OpusEncoder | undefined {
    return this.#encoders[channels].take();
  }

  close(): void {
    for (const pool of this.#pools) pool.close();
  }
}

function free(spare: OpusDecoder | OpusEncoder): void {
  spare.free();
}

class LibopusDecoder implements OpusDecoder {
  readonly channels: Channels;
  readonly #handle: OpusDecoderHandle;

  constructor(handle: OpusDecoderHandle, channels: Channels) {
    this.#handle = handle;
    this.channels = channels;
  }

  decode(opus: Uint8Array): Float32Array {
    return clamped(this.#handle.decodeFloat(opus));
  }

  recover(next: Uint8Array): Float32Array {
    return clamped(this.#handle.decodeFloat(next, { decodeFec: true, frameSize: FRAME_SAMPLES }));
  }

  conceal(samples: number): Float32Array {
    return clamped(this.#handle.decodePacketLossFloat(samples));
  }

  free(): void {
    this.#handle.free();
  }
}

class LibopusEncoder implements OpusEncoder {
  readonly channels: Channels;
  readonly #handle: OpusEncoderHandle;

  constructor(handle: OpusEncoderHandle, channels: Channels) {
    this.#handle = handle;
    this.channels = channels;
  }

  encode(pcm: Float32Array): Uint8Array {
    return this.#handle.encodeFloat(pcm);
  }

  setIndependent(isIndependent: boolean): void {
    this.#handle.encoderCtl(EncoderCtl.SetPredictionDisabled, isIndependent ? 1 : 0);
  }

  free(): void {
    this.#handle.free();
  }
}

/** A packet that no encoder made can decode to millions of times full scale: one such voice would turn all others down. */
function clamped(pcm: Float32Array): Float32Array {
  for (let index = 0; index < pcm.length; index++) {
    const sample = pcm[index]!;
    if (sample >= -1 && sample <= 1) continue;
    // What is no number is no sound.
    pcm[index] = sample > 1 ? 1 : sample < -1 ? -1 : 0;
  }
  return pcm;
}
