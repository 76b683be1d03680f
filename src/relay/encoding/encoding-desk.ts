/** All encodings of one worker thread: what its messages mean, and what is made when. Neither thread nor clock. */
import type { OpusCodec } from '../../audio/opus-codec.ts';
import { ReportDraft } from '../media-threads/report-draft.ts';
import type { Workshop } from '../media-threads/worker-loop.ts';
import type { FromThread, ToThread } from '../media-threads/worker-messages.ts';
import type { Format, MakeEncoder } from './encoder.ts';
import { type EncodingStart, MADE_END, writeMadePage } from './encoding-threads.ts';
import { RunningEncoding } from './running-encoding.ts';

/**
 * Packets wait for the next round: two of a programme are as cheap to wake up for as one, and pages are longer. Each round in
 * which there are pages costs a message to the relay's thread.
 */
const ROUND_MS = 40;
/** What failed is begun anew so much later: what fails at once again must not take the thread's time. */
const ANEW_MS = 1000;
/** How soon an encoder is asked for again that was not loaded yet. */
const AGAIN_MS = 5;

export interface EncodingDeskOptions {
  readonly makers: Readonly<Record<Format, MakeEncoder>>;
  readonly decoders: Pick<OpusCodec, 'takeDecoder'>;
}

interface Place {
  readonly start: EncodingStart;
  /** What its pages are marked with. */
  generation: number;
  /** Undefined until its encoder is loaded. */
  encoding: RunningEncoding | undefined;
  /** It is not begun before. */
  notBeforeMs: number;
}

export class EncodingDesk implements Workshop<EncodingStart> {
  readonly #options: EncodingDeskOptions;
  readonly #draft = new ReportDraft();
  readonly #places = new Map<number, Place>();

  constructor(options: EncodingDeskOptions) {
    this.#options = options;
  }

  take(message: ToThread<EncodingStart>, nowMs: number): void {
    this.#draft.tookMessage();
    switch (message.type) {
      case 'start': {
        const place = { start: message.start, generation: 0, encoding: undefined, notBeforeMs: nowMs };
        this.#places.set(message.job, place);
        break;
      }
      case 'stop':
        this.#finish(message.job, nowMs);
        break;
      case 'retract': {
        const place = this.#places.get(message.job);
        if (place) place.generation = message.generation;
        this.#guard(place, nowMs, (encoding) => encoding.retract());
      }
    }
  }

  receive(job: number, packet: Uint8Array, atMs: number): void {
    this.#guard(this.#places.get(job), atMs, (encoding) => encoding.receive(packet, atMs));
  }

  run(nowMs: number): number | undefined {
    let dueMs = nowMs + ROUND_MS;
    let mayBegin = true;
    for (const [job, place] of this.#places) {
      // One in a round: its first second takes a while, and the others' pages go out in between.
      if (!place.encoding && mayBegin && nowMs >= place.notBeforeMs) {
        this.#begin(job, place, nowMs);
        mayBegin = !place.encoding;
      }
      this.#guard(place, nowMs, (encoding) => {
        dueMs = Math.min(dueMs, encoding.run(nowMs));
      });
      if (!place.encoding) dueMs = Math.min(dueMs, mayBegin ? place.notBeforeMs : nowMs);
    }
    return this.#places.size === 0 ? undefined : Math.max(0, dueMs - nowMs);
  }

  report(): FromThread | undefined {
    return this.#draft.take();
  }

  #begin(job: number, place: Place, nowMs: number): void {
    const { makers, decoders } = this.#options;
    const { key, format, title } = place.start;
    const draft = this.#draft;
    try {
      const encoder = makers[format]((page) => {
        draft.records.add(job, place.generation, writeMadePage(page));
      }, title);
      if (!encoder) {
        draft.count('encoding-unready');
        place.notBeforeMs = nowMs + AGAIN_MS;
      } else place.encoding = new RunningEncoding({ key, nowMs, encoder, decoders, draft });
    } catch (error) {
      this.#fail(place, error, nowMs);
    }
  }

  #finish(job: number, nowMs: number): void {
    const place = this.#places.get(job);
    if (!place) return;
    this.#guard(place, nowMs, (encoding) => encoding.close());
    this.#places.delete(job);
    this.#draft.records.add(job, place.generation, MADE_END);
  }

  /** What one encoding cannot bear must not touch the others. */
  #guard(place: Place | undefined, nowMs: number, act: (encoding: RunningEncoding) => void): void {
    if (!place?.encoding) return;
    try {
      act(place.encoding);
    } catch (error) {
      this.#fail(place, error, nowMs);
    }
  }

  #fail(place: Place, error: unknown, nowMs: number): void {
    this.#draft.fail(error);
    const { encoding } = place;
    place.encoding = undefined;
    place.notBeforeMs = nowMs + ANEW_MS;
    try {
      encoding?.close();
    } catch {
      // It has failed already.
    }
  }
}
