/** One podcast's encoding in one format: gives the programme to a thread, and its pages to everyone who wants them. */
import type { CloseCode } from '../../protocol/close-codes.ts';
import type { Channel, Sink } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { Job, MediaThreads } from '../media-threads/media-threads.ts';
import type { Format } from './encoder.ts';
import { type EncodingStart, readMadePage } from './encoding-threads.ts';
import type { EncodingSink } from './encodings.ts';

/** A player that connects again within it finds the stream going on. */
const GRACE_MS = 10_000;
/** How long the last page may take, before the end is told without it. */
const LAST_PAGE_MS = 2000;

export interface EncodingOptions {
  readonly channel: Channel;
  readonly format: Format;
  readonly hub: Pick<Hub, 'addSink' | 'removeSink'>;
  readonly threads: Pick<MediaThreads<EncodingStart>, 'begin'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
  /** Whoever wants it from now on needs another. */
  readonly over: () => void;
}

export class Encoding implements Sink {
  readonly #options: EncodingOptions;
  readonly #job: Job;
  /** Each with what ends its want of the programme. */
  readonly #sinks = new Map<EncodingSink, () => void>();
  #header: Uint8Array | undefined;
  /** Since nobody wants it any more: until it is closed, the want of whoever left last keeps the programme going. */
  #idle: { readonly unwant: () => void } | undefined;
  /** The podcast is over, and the last page is not there yet. */
  #ending: CloseCode | undefined;
  #isOver = false;

  /** @throws ContractError (4009) when this relay makes as many as it can */
  constructor(options: EncodingOptions) {
    this.#options = options;
    const { channel, format, threads, hub } = options;
    const { key, about } = channel.podcast;
    this.#job = threads.begin(() => ({ key, format, title: about.title }), this.#take);
    hub.addSink(channel, 'programme', this);
  }

  /** @param unwant ends this sink's want of the programme @returns what takes the sink away */
  add(sink: EncodingSink, unwant: () => void): () => void {
    this.#sinks.set(sink, unwant);
    this.#stopIdling();
    if (this.#header) sink.header(this.#header);
    return () => this.#leave(sink);
  }

  publish(packet: Uint8Array): void {
    this.#job.publish(packet);
  }

  retract(ssrc: number): number {
    // First: pages that are under way from the thread are of no use from now on.
    this.#job.retract(ssrc);
    let thrownAway = 0;
    for (const sink of this.#sinks.keys()) thrownAway += sink.retract();
    return thrownAway;
  }

  end(close: CloseCode): void {
    if (this.#isOver || this.#ending) return;
    const { channel, clock } = this.#options;
    this.#ending = close;
    // Who is put out of a podcast that goes on is to hear no more.
    if (channel.podcast.state.name !== 'ended') return this.close();
    this.#options.hub.removeSink(channel, 'programme', this);
    this.#job.finish();
    clock.after(LAST_PAGE_MS, () => this.close());
  }

  /** At once; who still listens is told why, if that is known. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { hub, channel, over } = this.#options;
    hub.removeSink(channel, 'programme', this);
    over();
    this.#job.stop();
    this.#stopIdling();
    const sinks = [...this.#sinks];
    this.#sinks.clear();
    for (const [sink, unwant] of sinks) {
      unwant();
      if (this.#ending) sink.end(this.#ending);
    }
  }

  readonly #take = (made: Uint8Array): void => {
    const page = readMadePage(made);
    if (!page) return this.close();
    if (page.isHeader) {
      this.#header = page.bytes;
      for (const sink of this.#sinks.keys()) sink.header(page.bytes);
      return;
    }
    this.#options.counters.add('encoding-pages');
    for (const sink of this.#sinks.keys()) sink.page(page);
  };

  #leave(sink: EncodingSink): void {
    const unwant = this.#sinks.get(sink);
    if (!unwant) return;
    this.#sinks.delete(sink);
    if (this.#sinks.size > 0) return unwant();
    const idle = { unwant };
    this.#idle = idle;
    this.#options.clock.after(GRACE_MS, () => {
      if (this.#idle === idle) this.close();
    });
  }

  #stopIdling(): void {
    this.#idle?.unwant();
    this.#idle = undefined;
  }
}
