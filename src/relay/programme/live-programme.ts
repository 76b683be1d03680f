/** One programme on its worker: opens what comes in, has the engine make a frame when one is due, seals it. No clock, no socket. */
import { FRAME_SAMPLES } from '../../audio/frame.ts';
import { NonceWriter, readRtpMetadata } from '../../protocol/nonce.ts';
import { NONCE_BYTES, readPacket, writeAudioPacket } from '../../protocol/packet.ts';
import { open, seal } from '../../protocol/sealing.ts';
import { ForeignSource } from '../../audio/foreign-source.ts';
import type { ProgrammeEngine } from './programme-engine.ts';

export interface LiveProgrammeOptions {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** u32, of the stream that goes out. */
  readonly ssrc: number;
  readonly makeEngine: () => ProgrammeEngine;
  /** u32, unpredictable. */
  readonly random: () => number;
}

export class LiveProgramme {
  /** Frames are marked with it, so that those which were made before a retraction are known. */
  generation = 0;
  readonly #options: LiveProgrammeOptions;
  readonly #nonces: NonceWriter;
  readonly #nonce = new Uint8Array(NONCE_BYTES);
  readonly #foreign: ForeignSource;
  #engine: ProgrammeEngine;
  #sequence: number;
  #timestamp: number;

  constructor(options: LiveProgrammeOptions) {
    const { random, makeEngine } = options;
    this.#options = options;
    this.#nonces = new NonceWriter(random());
    this.#foreign = new ForeignSource(random());
    this.#engine = makeEngine();
    this.#sequence = random() & 0xffff;
    this.#timestamp = random();
  }

  /** @param packet `1 ‖ nonce ‖ sealed`, not kept. @returns false when it does not open */
  receive(packet: Uint8Array, atMs: number): boolean {
    const read = readPacket(packet);
    if (read.kind !== 'audio') return false;
    const opus = open(read.sealed, read.nonce, this.#options.key);
    if (!opus) return false;
    const rtp = readRtpMetadata(read.nonce);
    this.#engine.receive(rtp ? { ...rtp, opus } : this.#foreign.place(opus, atMs), atMs);
    return true;
  }

  /** A host whose nonces carry no RTP has one source, whatever it calls it. */
  retract(ssrc: number, generation: number): void {
    this.generation = generation;
    this.#engine.retract(ssrc);
    this.#engine.retract(this.#foreign.ssrc);
  }

  /** The next frame. @param skipped frames before it that are not made. @returns `1 ‖ nonce ‖ sealed` */
  tick(nowMs: number, skipped: number): Uint8Array {
    const opus = this.#engine.tick(nowMs);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + FRAME_SAMPLES * (1 + skipped)) >>> 0;
    const rtp = { ssrc: this.#options.ssrc, sequence: this.#sequence, timestamp: this.#timestamp };
    const nonce = this.#nonces.next(rtp, this.#nonce);
    return writeAudioPacket(nonce, seal(opus, nonce, this.#options.key));
  }

  /** After a fault: another engine takes over, and the stream goes on. */
  beginAnew(): void {
    this.#engine.close();
    this.#engine = this.#options.makeEngine();
  }

  close(): void {
    this.#engine.close();
  }
}
