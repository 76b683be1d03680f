/** The programmes of all podcasts: each is made while it is on air and somebody listens to it, and a little longer. */
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import { randomU32 } from '../../protocol/random-u32.ts';
import { AddressQuota } from '../address-quota.ts';
import type { Channel, Sink } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { Job, MediaThreads } from '../media-threads/media-threads.ts';
import type { ProgrammeStart } from './programme-threads.ts';

/** Whoever comes back within it finds the stream going on. */
const GRACE_MS = 5000;

export interface ProgrammesOptions {
  readonly hub: Hub;
  readonly threads: MediaThreads<ProgrammeStart>;
  /** Programmes that are made because one address without an account asked first. */
  readonly perAddress: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
}

/** Who wants a programme. */
export interface Asker {
  readonly address: string;
  /** Whether it has proved an account: then its address does not count. */
  readonly hasAccount: boolean;
  /** The programme cannot be made after all. */
  readonly refuse: (error: ContractError) => void;
}

export class Programmes {
  readonly #options: ProgrammesOptions;
  readonly #airings = new WeakMap<Channel, Airing>();
  readonly #quota: AddressQuota;

  constructor(options: ProgrammesOptions) {
    this.#options = options;
    this.#quota = new AddressQuota(options.perAddress);
  }

  /**
   * Has the podcast's programme made, from when it first goes on air, until the result is called, and until everyone else who
   * wanted it has called theirs.
   * @throws ContractError (4009) when this relay makes as many as it can, or as it does for this address
   */
  want(channel: Channel, asker: Asker): () => void {
    let airing = this.#airings.get(channel);
    if (!airing) {
      airing = new Airing(channel, this.#options, {
        charge: (askers) => this.#charge(askers),
        over: () => this.#airings.delete(channel),
      });
      this.#airings.set(channel, airing);
    }
    return airing.want(asker);
  }

  /** Settles when no thread is left. */
  close(): Promise<void> {
    return this.#options.threads.close();
  }

  /**
   * Finds one of them for whom a programme may be made. @returns what ends its counting
   * @throws ContractError (4009) when there is none
   */
  #charge(askers: Iterable<Asker>): () => void {
    const { perAddress } = this.#options;
    for (const { address, hasAccount } of askers) {
      if (hasAccount) return () => undefined;
      const discharge = this.#quota.take(address);
      if (discharge) return discharge;
    }
    const most = `${perAddress} programmes are made for your address`;
    throw new ContractError(CLOSE.capacity, `${most}: that is the most without an account.`);
  }
}

interface AiringOffice {
  /** @throws ContractError */
  readonly charge: (askers: Iterable<Asker>) => () => void;
  readonly over: () => void;
}

/** One podcast's programme: takes the tracks in, gives the programme out. */
class Airing implements Sink {
  readonly #channel: Channel;
  readonly #options: ProgrammesOptions;
  readonly #office: AiringOffice;
  /** Undefined until the podcast has been on air. */
  #made: Job | undefined;
  /** Of the stream that comes out; another one after its thread has died. */
  #ssrc = 0;
  #discharge: (() => void) | undefined;
  readonly #wanted = new Set<Asker>();
  /** Of the last time when nobody wanted it. */
  #idle: symbol | undefined;
  #isOver = false;

  constructor(channel: Channel, options: ProgrammesOptions, office: AiringOffice) {
    this.#channel = channel;
    this.#options = options;
    this.#office = office;
    options.hub.addSink(channel, 'tracks', this);
  }

  /** @throws ContractError (4009) */
  want(asker: Asker): () => void {
    this.#wanted.add(asker);
    this.#idle = undefined;
    try {
      if (this.#channel.podcast.state.name !== 'created') this.#make();
    } catch (error) {
      this.#leave(asker);
      throw error;
    }
    return () => this.#leave(asker);
  }

  onAir(): void {
    try {
      this.#make();
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      for (const asker of this.#wanted) asker.refuse(error);
    }
  }

  publish(packet: Uint8Array): void {
    this.#made?.publish(packet);
  }

  retract(ssrc: number): number {
    if (!this.#made) return 0;
    // First: frames that are under way from the worker are of no use from now on.
    this.#made.retract(ssrc);
    this.#options.hub.retractProgramme(this.#channel, this.#ssrc);
    return 0;
  }

  /** Its listeners are put out by the sinks of the programme. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#made?.stop();
    this.#discharge?.();
    this.#options.hub.removeSink(this.#channel, 'tracks', this);
    this.#office.over();
  }

  #make(): void {
    if (this.#made) return;
    const { hub, threads, counters } = this.#options;
    const { key } = this.#channel.podcast;
    const discharge = this.#office.charge(this.#wanted);
    try {
      this.#made = threads.begin(
        () => ({ key, ssrc: (this.#ssrc = randomU32()) }),
        (packet) => {
          counters.add('programme-frames');
          hub.publishProgramme(this.#channel, packet);
        },
      );
      this.#discharge = discharge;
    } catch (error) {
      discharge();
      throw error;
    }
  }

  #leave(asker: Asker): void {
    if (!this.#wanted.delete(asker) || this.#wanted.size > 0) return;
    if (this.#made) this.#stopSoon();
    else this.end();
  }

  #stopSoon(): void {
    const idle = Symbol('idle');
    this.#idle = idle;
    this.#options.clock.after(GRACE_MS, () => {
      if (this.#idle === idle) this.end();
    });
  }
}
