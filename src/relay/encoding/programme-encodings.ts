/** The encodings of all podcasts: each is made while somebody wants it, and a little longer. */
import type { Channel } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { MediaThreads } from '../media-threads/media-threads.ts';
import type { Asker, Programmes } from '../programme/programmes.ts';
import type { Format } from './encoder.ts';
import { Encoding } from './encoding.ts';
import type { EncodingStart } from './encoding-threads.ts';
import type { EncodingSink, Encodings } from './encodings.ts';

export interface ProgrammeEncodingsOptions {
  readonly hub: Pick<Hub, 'addSink' | 'removeSink'>;
  readonly programmes: Pick<Programmes, 'want'>;
  readonly threads: MediaThreads<EncodingStart>;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
}

export class ProgrammeEncodings implements Encodings {
  readonly #options: ProgrammeEncodingsOptions;
  readonly #encodings = new Map<Channel, Map<Format, Encoding>>();

  constructor(options: ProgrammeEncodingsOptions) {
    this.#options = options;
  }

  want(channel: Channel, format: Format, asker: Asker, sink: EncodingSink): () => void {
    // Whoever wants an encoding wants its programme: who may have none gets none of these either.
    const unwant = this.#options.programmes.want(channel, onceMore(asker));
    try {
      return this.#encodingOf(channel, format).add(sink, unwant);
    } catch (error) {
      unwant();
      throw error;
    }
  }

  /** Ends those that are not over. Settles when no thread is left. */
  close(): Promise<void> {
    for (const formats of this.#encodings.values()) {
      for (const encoding of formats.values()) encoding.close();
    }
    return this.#options.threads.close();
  }

  /** @throws ContractError (4009) */
  #encodingOf(channel: Channel, format: Format): Encoding {
    const formats = this.#encodings.get(channel) ?? new Map<Format, Encoding>();
    const running = formats.get(format);
    if (running) return running;
    const encoding = new Encoding({
      ...this.#options,
      channel,
      format,
      over: () => this.#forget(channel, format, encoding),
    });
    this.#encodings.set(channel, formats.set(format, encoding));
    return encoding;
  }

  #forget(channel: Channel, format: Format, encoding: Encoding): void {
    const formats = this.#encodings.get(channel);
    if (formats?.get(format) !== encoding) return;
    formats.delete(format);
    if (formats.size === 0) this.#encodings.delete(channel);
  }
}

/** Each want has an asker of its own, whatever a lane hands over. */
function onceMore(asker: Asker): Asker {
  return { address: asker.address, hasAccount: asker.hasAccount, refuse: (error) => asker.refuse(error) };
}
