/** AAC-LC, made without waiting: FFmpeg's encoder as WebAssembly, out of @mediabunny/aac-encoder (ISO/IEC 14496-3). */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What each packet lasts, of 48 kHz. */
export const AAC_PACKET_SAMPLES = 1024;
/** How many packets an encoder is behind: what its first so many calls give, if anything, is of the time before the sound. */
export const AAC_DELAY_PACKETS = 2;

const CHANNELS = 2;
const SAMPLE_RATE = 48_000;
export const AAC_BITS_PER_SECOND = 128_000;

/** A packet of silence, which can stand between any two: what the encoder makes of silence that goes on. */
export const AAC_SILENCE: Uint8Array = Uint8Array.of(0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c);

/** One stream's encoder; it remembers what went before. */
export interface AacStream {
  /**
   * @param pcm 1024 stereo samples within ±1, interleaved
   * @returns the packet before the last one; undefined for the first PCM of all, and for PCM that cannot be encoded
   */
  encode(pcm: Float32Array): Uint8Array | undefined;
  free(): void;
}

export interface AacCodec {
  /** AudioSpecificConfig, for decoders. */
  readonly config: Uint8Array;
  /** @throws Error when there is no memory for one more */
  open(): AacStream;
}

/** Loads the encoder into this thread; any number of streams share it. */
export async function loadAacCodec(): Promise<AacCodec> {
  const engine = await loadEngine();
  const open = (): FfmpegAacStream => new FfmpegAacStream(engine);
  const stream = open();
  const { config } = stream;
  stream.free();
  return { config, open };
}

/** The C in the package: numbers are pointers into its memory, or negative errors of FFmpeg. */
class Engine {
  readonly #module: EmscriptenModule;
  readonly open: (channels: number, sampleRate: number, bitsPerSecond: number) => number;
  readonly config: (stream: number) => number;
  readonly configBytes: (stream: number) => number;
  /** Where PCM of so many bytes is put. */
  readonly input: (stream: number, bytes: number) => number;
  readonly encode: (stream: number, timestamp: bigint) => number;
  /** @returns bytes of the next packet, 0 when there is none yet */
  readonly receive: (stream: number) => number;
  readonly packet: (stream: number) => number;
  readonly close: (stream: number) => number;

  constructor(module: EmscriptenModule) {
    this.#module = module;
    this.open = module.cwrap('init_encoder', 'number', ['number', 'number', 'number']);
    this.config = module.cwrap('get_encoder_extradata', 'number', ['number']);
    this.configBytes = module.cwrap('get_encoder_extradata_size', 'number', ['number']);
    this.input = module.cwrap('get_encode_input_ptr', 'number', ['number', 'number']);
    this.encode = module.cwrap('send_frame', 'number', ['number', 'number']);
    this.receive = module.cwrap('receive_packet', 'number', ['number']);
    this.packet = module.cwrap('get_encoded_data', 'number', ['number']);
    this.close = module.cwrap('close_encoder', 'number', ['number']);
  }

  /** Another array whenever the memory has grown. */
  get memory(): Uint8Array {
    return this.#module.HEAPU8;
  }
}

interface EmscriptenModule {
  readonly HEAPU8: Uint8Array;
  cwrap(
    name: string,
    returns: 'number',
    takes: readonly 'number'[],
  ): (...values: readonly (number | bigint)[]) => number;
}

/**
 * What the package offers is an encoder that starts a thread for each stream and answers by promises. The engine in it needs
 * neither, but is a file that Node takes for neither kind of module: it says `exports` and `import.meta`.
 */
async function loadEngine(): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const bundle = require.resolve('@mediabunny/aac-encoder');
  const file = pathToFileURL(join(bundle, '../../modules/build/aac.js'));
  const source = `const exports = {};\n${await readFile(file, 'utf8')}\nexport default exports.default;`;
  const address = `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`;
  const { default: make } = (await import(/* @vite-ignore */ address)) as {
    default: () => Promise<EmscriptenModule>;
  };
  return new Engine(await make());
}

class FfmpegAacStream implements AacStream {
  readonly config: Uint8Array;
  readonly #engine: Engine;
  readonly #stream: number;
  #sentSamples = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#stream = engine.open(CHANNELS, SAMPLE_RATE, AAC_BITS_PER_SECOND);
    if (this.#stream === 0) throw new Error('There is no room for a further AAC encoder.');
    const start = engine.config(this.#stream);
    this.config = engine.memory.slice(start, start + engine.configBytes(this.#stream));
  }

  encode(pcm: Float32Array): Uint8Array | undefined {
    const engine = this.#engine;
    const place = engine.input(this.#stream, pcm.byteLength);
    if (place === 0) return undefined;
    engine.memory.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), place);
    if (engine.encode(this.#stream, BigInt(this.#sentSamples)) < 0) return undefined;
    this.#sentSamples += AAC_PACKET_SAMPLES;
    const bytes = engine.receive(this.#stream);
    if (bytes <= 0) return undefined;
    const start = engine.packet(this.#stream);
    return engine.memory.slice(start, start + bytes);
  }

  free(): void {
    this.#engine.close(this.#stream);
  }
}
