/** The encodings of all podcasts: each is made while somebody wants it, and a little longer. */
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import { AddressQuota } from '../address-quota.ts';
import type { Channel } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { MediaThreads } from '../media-threads/media-threads.ts';
import type { Asker, Programmes } from '../programme/programmes.ts';
import type { Format } from './encoder.ts';
import { Encoding } from './encoding.ts';
import type { EncodingStart } from './encoding-threads.ts';
import type { EncodingAsker, EncodingSink, Encodings } from './encodings.ts';

export interface ProgrammeEncodingsOptions {
  readonly hub: Pick<Hub, 'addSink' | 'removeSink'>;
  readonly programmes: Pick<Programmes, 'want'>;
  readonly threads: MediaThreads<EncodingStart>;
  /** Encodings that are made because one address asked first. */
  readonly perAddress: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
}

export class ProgrammeEncodings implements Encodings {
  readonly #options: ProgrammeEncodingsOptions;
  readonly #encodings = new Map<Channel, Map<Format, Encoding>>();
  readonly #quota: AddressQuota;

  constructor(options: ProgrammeEncodingsOptions) {
    this.#options = options;
    this.#quota = new AddressQuota(options.perAddress);
  }

  want(channel: Channel, format: Format, asker: EncodingAsker, sink: EncodingSink): () => void {
    // Whoever wants an encoding wants its programme: who may have none gets none of these either.
    const unwant = this.#options.programmes.want(channel, onceMore(asker));
    try {
      return this.#encodingOf(channel, format, asker).add(sink, unwant);
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
  #encodingOf(channel: Channel, format: Format, asker: EncodingAsker): Encoding {
    const formats = this.#encodings.get(channel) ?? new Map<Format, Encoding>();
    const running = formats.get(format);
    if (running) return running;
    const discharge = this.#charge(asker);
    try {
      const over = (): void => {
        discharge();
        this.#forget(channel, format, encoding);
      };
      const encoding = new Encoding({ ...this.#options, channel, format, over });
      this.#encodings.set(channel, formats.set(format, encoding));
      return encoding;
    } catch (error) {
      discharge();
      throw error;
    }
  }

  /** Whoever asks first is whom it is made for, also where another has had the programme made. @throws ContractError (4009) */
  #charge({ address }: EncodingAsker): () => void {
    const discharge = this.#quota.take(address);
    if (discharge) return discharge;
    const most = `${this.#options.perAddress} encodings are made for your address`;
    throw new ContractError(CLOSE.capacity, `${most}: that is the most.`);
  }

  #forget(channel: Channel, format: Format, encoding: Encoding): void {
    const formats = this.#encodings.get(channel);
    if (formats?.get(format) !== encoding) return;
    formats.delete(format);
    if (formats.size === 0) this.#encodings.delete(channel);
  }
}

/** A new object for each want: `Programmes` tells askers apart by identity, and a lane may hand over the same one twice. */
function onceMore({ address, refuse }: EncodingAsker): Asker {
  return { address, hasAccount: false, refuse: (error) => refuse(error) };
}
