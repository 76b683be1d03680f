/** A programme as MP3 of 128 kbit/s, by LAME in WebAssembly. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type WasmMediaEncoder, createEncoder } from 'wasm-media-encoders';
import { FRAME_SAMPLES as OPUS_FRAME_SAMPLES } from '../../audio/frame.ts';
import { Spares } from '../../audio/spares.ts';
import type { EncodedPage, Encoder, ProgrammeFrame } from './encoder.ts';

type Lame = WasmMediaEncoder<'audio/mpeg'>;
type WasmSource = Parameters<typeof createEncoder>[1];

const KBPS = 128;
const SAMPLE_RATE = 48_000;
/** Of one MP3 frame (ISO 11172-3 §2.4.2.1), and its bytes: constant at this rate, for 48 kHz needs no padding. */
const FRAME_SAMPLES = 1152;
const FRAME_BYTES = (FRAME_SAMPLES / 8) * ((KBPS * 1000) / SAMPLE_RATE);
/** 168 ms: a page costs a send for each listener, and fits into two segments of TCP as four frames would. */
const PAGE_FRAMES = 7;
const PAGE_BYTES = PAGE_FRAMES * FRAME_BYTES;
/** Made in advance: one takes 1 ms. */
const SPARES = 4;

/** LAMEs that wait to be used. */
export class Lames {
  readonly #spares: Spares<Lame>;

  private constructor(wasm: WasmSource) {
    // What nobody took goes with the thread's memory.
    this.#spares = new Spares(
      SPARES,
      () => createEncoder('audio/mpeg', wasm),
      () => undefined,
    );
  }

  /** @throws Error when WebAssembly does not load */
  static async load(): Promise<Lames> {
    const file = createRequire(import.meta.url).resolve('wasm-media-encoders/wasm/mp3');
    // Compiled once.
    const { promise, resolve } = Promise.withResolvers<WasmSource>();
    await createEncoder('audio/mpeg', await readFile(file), resolve);
    const lames = new Lames(await promise);
    await lames.#spares.fill();
    return lames;
  }

  /** Undefined when none is ready yet. */
  take(): Lame | undefined {
    return this.#spares.take();
  }
}

/**
 * Pages are whole frames. A frame may need up to 511 bytes of the ones before (the bit reservoir, which this LAME cannot be
 * told to leave): who joins loses at most two frames, 48 ms.
 */
export class Mp3Encoder implements Encoder {
  readonly #lame: Lame;
  readonly #give: (page: EncodedPage) => void;
  readonly #left = new Float32Array(OPUS_FRAME_SAMPLES);
  readonly #right = new Float32Array(OPUS_FRAME_SAMPLES);
  readonly #page = new Uint8Array(PAGE_BYTES);
  #filled = 0;
  /** Samples that went in, and came out in pages. */
  #taken = 0;
  #given = 0;

  constructor(give: (page: EncodedPage) => void, lame: Lame) {
    this.#give = give;
    this.#lame = lame;
    this.#configure();
  }

  encode({ pcm }: ProgrammeFrame): void {
    for (let sample = 0; sample < OPUS_FRAME_SAMPLES; sample += 1) {
      this.#left[sample] = pcm[2 * sample] ?? 0;
      this.#right[sample] = pcm[2 * sample + 1] ?? 0;
    }
    this.#feed(OPUS_FRAME_SAMPLES);
  }

  retract(): void {
    const taken = this.#taken;
    this.#configure();
    this.#filled = 0;
    this.#taken = this.#given;
    this.#left.fill(0);
    this.#right.fill(0);
    while (this.#taken < taken) this.#feed(Math.min(OPUS_FRAME_SAMPLES, taken - this.#taken));
  }

  close(): void {
    this.#put(this.#lame.finalize());
    const frames = Math.floor(this.#filled / FRAME_BYTES);
    if (frames > 0) this.#givePage(frames);
  }

  #configure(): void {
    this.#lame.configure({
      sampleRate: SAMPLE_RATE,
      outputSampleRate: SAMPLE_RATE,
      channels: 2,
      bitrate: KBPS,
    });
  }

  #feed(samples: number): void {
    this.#taken += samples;
    this.#put(this.#lame.encode([this.#left.subarray(0, samples), this.#right.subarray(0, samples)]));
  }

  /** @param mp3 the encoder's own memory; it ends anywhere */
  #put(mp3: Uint8Array): void {
    for (let offset = 0; offset < mp3.length;) {
      const piece = mp3.subarray(offset, offset + PAGE_BYTES - this.#filled);
      this.#page.set(piece, this.#filled);
      this.#filled += piece.length;
      offset += piece.length;
      if (this.#filled === PAGE_BYTES) this.#givePage(PAGE_FRAMES);
    }
  }

  #givePage(frames: number): void {
    const samples = frames * FRAME_SAMPLES;
    this.#filled = 0;
    this.#given += samples;
    this.#give({ isHeader: false, samples, bytes: this.#page.slice(0, frames * FRAME_BYTES) });
  }
}
