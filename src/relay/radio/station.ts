/** One podcast in one format, as radio: the sink of its encoding, with the last moments and the groups of its listeners. */
import type { Socket } from 'node:net';
import { CLOSE, type CloseCode } from '../../protocol/close-codes.ts';
import type { EncodedPage } from '../encoding/encoder.ts';
import type { EncodingSink } from '../encoding/encodings.ts';
import { IcyStream } from './icy-stream.ts';
import { PLAIN_PAGES, type Page } from './page-stream.ts';
import { RadioGroup, type RadioGroupOptions } from './radio-group.ts';
import { RecentPages } from './recent-pages.ts';

/** What a player gets at once: most begin when they have a second or two. */
const BURST_SAMPLES = 2 * 48_000;
/** An encoding always gives pages, of silence if need be: without any for so long it is broken, and not every player gives up by itself. */
const STALLED_MS = 10_000;

export interface StationOptions extends Omit<RadioGroupOptions, 'stream'> {
  /** What players show. */
  readonly title: string;
  /** Nobody listens any more. */
  readonly onIdle: () => void;
  /** It takes no listener any more. */
  readonly onClosed: () => void;
}

/** One listener's hearing of a station. */
export interface Tuning {
  /** It does not only look: from now on, until it leaves, it is one of the `listeners`. */
  count(): void;
  leave(): void;
}

export class Station implements EncodingSink {
  readonly #options: Pick<StationOptions, 'onIdle' | 'onClosed' | 'clock' | 'counters'>;
  readonly #groups: { readonly plain: RadioGroup; readonly icy: RadioGroup };
  readonly #recent = new RecentPages(BURST_SAMPLES);
  #header: Page | undefined;
  readonly #counted = new Set<Tuning>();

  /** Since `watch` last looked. */
  #hasPage = false;
  #isClosed = false;

  constructor({ title, onIdle, onClosed, ...options }: StationOptions) {
    this.#options = { onIdle, onClosed, clock: options.clock, counters: options.counters };
    this.#groups = {
      plain: new RadioGroup({ ...options, stream: PLAIN_PAGES }),
      icy: new RadioGroup({ ...options, stream: new IcyStream(title) }),
    };
  }

  get listeners(): number {
    return this.#counted.size;
  }

  add(socket: Socket, wantsMetadata: boolean): Tuning {
    const group = wantsMetadata ? this.#groups.icy : this.#groups.plain;
    const leave = group.add(socket, [...(this.#header ? [this.#header] : []), ...this.#recent.pages]);
    const tuning: Tuning = {
      count: () => void this.#counted.add(tuning),
      leave: () => {
        leave();
        this.#counted.delete(tuning);
        if (this.#size === 0 && !this.#isClosed) this.#options.onIdle();
      },
    };
    return tuning;
  }

  closeIfIdle(): void {
    if (this.#size === 0) this.#close();
  }

  header(bytes: Uint8Array): void {
    this.#recent.clear();
    this.#header = { bytes, isHeader: true };
    this.#give(this.#header);
  }

  page(page: EncodedPage): void {
    this.#hasPage = true;
    this.#recent.add(page);
    this.#give(page);
  }

  retract(): number {
    this.#recent.clear();
    return this.#groups.plain.retract() + this.#groups.icy.retract();
  }

  /** A key that was changed lets nobody hear what still waits. */
  end(close: CloseCode): void {
    if (close === CLOSE.invalidAuth) this.retract();
    this.#end();
  }

  /** From now on pages come, or all are let go: they connect again, instead of hearing nothing for ever. */
  watch(): void {
    const { clock, counters } = this.#options;
    clock.after(STALLED_MS, () => {
      if (this.#isClosed) return;
      if (this.#hasPage) {
        this.#hasPage = false;
        return this.watch();
      }
      counters.add('radio-stalled', this.#size);
      this.#end();
    });
  }

  #end(): void {
    this.#groups.plain.end();
    this.#groups.icy.end();
    this.#close();
  }

  /** Whoever only looks is one, too. */
  get #size(): number {
    return this.#groups.plain.size + this.#groups.icy.size;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.onClosed();
  }

  #give(page: Page): void {
    this.#groups.plain.give(page);
    this.#groups.icy.give(page);
  }
}
