/** HLS of one podcast: takes segments as they are encoded, and lets playlists wait for the first. */
import { randomBytes } from 'node:crypto';
import type { Channel } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { EncodedPage } from '../encoding/encoder.ts';
import type { Encodings, EncodingSink } from '../encoding/encodings.ts';
import { SegmentWindow } from './segment-window.ts';

/**
 * Whoever asks for a playlist waits so long for the first segment: on a machine that is busy a thread takes seconds to start, and
 * there are players that take 503 for the end. They wait ten seconds.
 */
const FIRST_SEGMENT_MS = 8000;

export interface HlsStreamOptions {
  readonly channel: Channel;
  readonly encodings: Encodings;
  readonly clock: Clock;
  /** Of whom asks first; the encoding may count for it. */
  readonly address: string;
  /** Nothing is encoded any more. Segments stay to be had if the podcast is over, else there is no use for this stream. */
  readonly onEnd: (stream: HlsStream) => void;
}

export class HlsStream implements EncodingSink {
  readonly channel: Channel;
  readonly window: SegmentWindow;
  /** When somebody last asked for the playlist, or the podcast ended. */
  lastAskedMs: number;
  readonly #clock: Clock;
  readonly #onEnd: (stream: HlsStream) => void;
  /** Of those who wait for something to name. */
  #waiting: PromiseWithResolvers<void> | undefined;
  readonly #unwant: () => void;
  #hasEnded = false;

  /** @throws ContractError (4009) when this relay encodes as many as it can */
  constructor({ channel, encodings, clock, address, onEnd }: HlsStreamOptions) {
    this.channel = channel;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.window = new SegmentWindow(clock.wallMs());
    this.lastAskedMs = clock.nowMs();
    const asker = { address, refuse: () => this.stop() };
    this.#unwant = encodings.want(channel, 'aac', asker, this);
  }

  /** Resolves when a playlist has something to name, or has waited long enough. @returns whether it has */
  async hasSegments(): Promise<boolean> {
    if (!this.window.hasSegments && !this.#hasEnded) await this.#waitForAll();
    return this.window.hasSegments;
  }

  header(bytes: Uint8Array): void {
    this.window.begin({ token: randomBytes(9).toString('base64url'), header: bytes });
  }

  page(page: EncodedPage): void {
    this.window.add(page, this.#clock.wallMs());
    if (this.window.hasSegments) this.#wake();
  }

  /** A segment goes out as soon as it is there: none waits here. But who asks now is not to hear what was said before. */
  retract(): number {
    this.window.retract();
    return 0;
  }

  end(): void {
    this.#finish();
  }

  /** Has it encoded no more. */
  stop(): void {
    if (this.#hasEnded) return;
    this.#unwant();
    this.#finish();
  }

  #finish(): void {
    this.#hasEnded = true;
    this.window.end();
    this.lastAskedMs = this.#clock.nowMs();
    this.#wake();
    this.#onEnd(this);
  }

  /** However many wait, one timer ends it for all: who comes late asks again. */
  #waitForAll(): Promise<void> {
    if (this.#waiting) return this.#waiting.promise;
    const waiting = Promise.withResolvers<void>();
    this.#waiting = waiting;
    this.#clock.after(FIRST_SEGMENT_MS, () => this.#wake());
    return waiting.promise;
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}
