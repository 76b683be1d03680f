/** A programme that people talk into, tick by tick, without time passing. */
import { setImmediate } from 'node:timers/promises';
import type { OpusCodec } from '../../src/audio/opus-codec.ts';
import { Programme } from '../../src/audio/programme.ts';

export interface Talk {
  readonly ssrc: number;
  /** Nothing is sent where there is none. */
  readonly packets: readonly (Uint8Array | undefined)[];
  /** The tick in which the first packet comes. */
  readonly from?: number;
}

export type Path = 'passed' | 'mixed' | 'silent';

export interface ProgrammeTick {
  readonly packet: Uint8Array;
  readonly path: Path;
}

/** Over a network that loses nothing and is always as fast. */
export class ProgrammeRun {
  readonly programme: Programme;
  readonly ticks: ProgrammeTick[] = [];
  readonly #talks: Talk[] = [];

  constructor(codec: OpusCodec) {
    this.programme = new Programme({ codec });
  }

  get packets(): Uint8Array[] {
    return this.ticks.map(({ packet }) => packet);
  }

  talk(...talks: readonly Talk[]): this {
    this.#talks.push(...talks);
    return this;
  }

  /** Nothing of theirs comes any more, and what came is retracted. */
  retract(ssrc: number): void {
    this.programme.retract(ssrc);
    for (const talk of this.#talks.splice(0)) if (talk.ssrc !== ssrc) this.#talks.push(talk);
  }

  /** That many ticks. The codec gets its turns of the event loop to make new encoders. */
  async run(ticks: number): Promise<this> {
    for (let end = this.ticks.length + ticks; this.ticks.length < end;) {
      this.#tick(this.ticks.length);
      if (this.ticks.length % 4 === 0) await setImmediate();
    }
    return this;
  }

  #tick(tick: number): void {
    const nowMs = tick * 20;
    for (const { ssrc, packets, from = 0 } of this.#talks) {
      const sequence = tick - from;
      const opus = packets[sequence];
      if (opus) this.programme.receive({ ssrc, sequence, timestamp: sequence * 960, opus }, nowMs);
    }
    const { passed, mixed } = this.programme.counts;
    const packet = this.programme.tick(nowMs);
    const { counts } = this.programme;
    this.ticks.push({
      packet,
      path: counts.passed > passed ? 'passed' : counts.mixed > mixed ? 'mixed' : 'silent',
    });
  }
}
