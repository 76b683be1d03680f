/** One encoding on its thread: opens packets of the programme, puts them in time, decodes them for its encoder. No clock, no socket. */
import { FRAME_SAMPLES } from '../../audio/frame.ts';
import type { OpusCodec, OpusDecoder } from '../../audio/opus-codec.ts';
import { opusSamples } from '../../audio/opus-packet.ts';
import { readRtpMetadata } from '../../protocol/nonce.ts';
import { readPacket } from '../../protocol/packet.ts';
import { open } from '../../protocol/sealing.ts';
import type { ReportDraft } from '../media-threads/report-draft.ts';
import type { Encoder, ProgrammeFrame } from './encoder.ts';
import { Timeline } from './timeline.ts';

/** A player can begin at once: whatever an encoder holds back, most of a second of silence comes out at the start. */
const LEAD_FRAMES = 60;
const SILENT_PCM = new Float32Array(2 * FRAME_SAMPLES);

export interface RunningEncodingOptions {
  /** 32 bytes, of the podcast. */
  readonly key: Uint8Array;
  readonly nowMs: number;
  readonly encoder: Encoder;
  readonly decoders: Pick<OpusCodec, 'takeDecoder'>;
  readonly draft: Pick<ReportDraft, 'count'>;
}

export class RunningEncoding {
  readonly #options: RunningEncodingOptions;
  readonly #timeline: Timeline;
  readonly #frame = new LazyFrame((opus) => this.#decode(opus));
  #decoder: OpusDecoder | undefined;

  constructor(options: RunningEncodingOptions) {
    this.#options = options;
    const { nowMs, encoder } = options;
    this.#timeline = new Timeline(nowMs, (opus) => encoder.encode(this.#frame.of(opus)));
    for (let frames = 0; frames < LEAD_FRAMES; frames += 1) encoder.encode(this.#frame.of(undefined));
  }

  /** @param packet `1 ‖ nonce ‖ sealed`, not kept */
  receive(packet: Uint8Array, atMs: number): void {
    const { draft, key } = this.#options;
    const read = readPacket(packet);
    const rtp = read.kind === 'audio' ? readRtpMetadata(read.nonce) : undefined;
    const opus = read.kind === 'audio' && rtp ? open(read.sealed, read.nonce, key) : undefined;
    if (!rtp || !opus) return draft.count('encoding-unopened');
    if (opusSamples(opus) !== FRAME_SAMPLES) return draft.count('encoding-undecodable');
    if (!this.#timeline.knows(rtp.ssrc)) this.#forgetSound();
    if (!this.#timeline.receive(rtp, opus, atMs)) draft.count('encoding-late');
  }

  /** @returns when there is something to do again, if nothing comes before */
  run(nowMs: number): number {
    this.#timeline.advance(nowMs);
    const { draft } = this.#options;
    draft.count('encoding-silence', this.#timeline.silent);
    draft.count('encoding-skipped', this.#timeline.skipped);
    this.#timeline.silent = 0;
    this.#timeline.skipped = 0;
    return this.#timeline.dueMs;
  }

  retract(): void {
    this.#forgetSound();
    this.#options.encoder.retract();
  }

  /** Gives the last page. */
  close(): void {
    this.#forgetSound();
    this.#options.encoder.close();
  }

  /** A decoder remembers what it has decoded, and would be heard with it. */
  #forgetSound(): void {
    this.#decoder?.free();
    this.#decoder = undefined;
  }

  #decode(opus: Uint8Array): Float32Array {
    const { decoders, draft } = this.#options;
    this.#decoder ??= decoders.takeDecoder(2);
    if (!this.#decoder) {
      draft.count('encoding-unready');
      return SILENT_PCM;
    }
    try {
      const pcm = this.#decoder.decode(opus);
      if (pcm.length === SILENT_PCM.length) return pcm;
    } catch {
      // Counted below.
    }
    draft.count('encoding-undecodable');
    return SILENT_PCM;
  }
}

/** Decodes only when PCM is asked for: the Opus stream takes packets as they came. One object serves for all frames. */
class LazyFrame implements ProgrammeFrame {
  opus: Uint8Array | undefined;
  #pcm: Float32Array | undefined;
  readonly #decode: (opus: Uint8Array) => Float32Array;

  constructor(decode: (opus: Uint8Array) => Float32Array) {
    this.#decode = decode;
  }

  get pcm(): Float32Array {
    return (this.#pcm ??= this.opus ? this.#decode(this.opus) : SILENT_PCM);
  }

  of(opus: Uint8Array | undefined): this {
    this.opus = opus;
    this.#pcm = undefined;
    return this;
  }
}
