/** The programmes of all podcasts: each is made while somebody listens to it, and a little longer. */
import type { Channel, Sink } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { MadeProgramme, ProgrammeWorkers } from './programme-workers.ts';

/** Whoever comes back within it finds the stream going on. */
const GRACE_MS = 5000;

export interface ProgrammesOptions {
  readonly hub: Hub;
  readonly workers: ProgrammeWorkers;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
}

export class Programmes {
  readonly #options: ProgrammesOptions;
  readonly #airings = new WeakMap<Channel, Airing>();

  constructor(options: ProgrammesOptions) {
    this.#options = options;
  }

  /**
   * Has the podcast's programme made until the result is called, and until everyone else who wanted it has called theirs.
   * @throws ContractError (4009) when this relay makes as many as it can
   */
  want(channel: Channel): () => void {
    let airing = this.#airings.get(channel);
    if (!airing) {
      airing = new Airing(channel, this.#options, () => this.#airings.delete(channel));
      this.#airings.set(channel, airing);
    }
    return airing.want();
  }

  /** Settles when no thread is left. */
  close(): Promise<void> {
    return this.#options.workers.close();
  }
}

/** One podcast's programme on the air: takes the tracks in, gives the programme out. */
class Airing implements Sink {
  readonly #channel: Channel;
  readonly #options: ProgrammesOptions;
  readonly #onOver: () => void;
  readonly #made: MadeProgramme;
  readonly #wanted = new Set<symbol>();
  /** Of the last time when nobody wanted it. */
  #idle: symbol | undefined;
  #isOver = false;

  constructor(channel: Channel, options: ProgrammesOptions, onOver: () => void) {
    const { hub, workers, counters } = options;
    this.#channel = channel;
    this.#options = options;
    this.#onOver = onOver;
    this.#made = workers.begin(channel.podcast.key, (packet) => {
      counters.add('programme-frames');
      hub.publishProgramme(channel, packet);
    });
    hub.addSink(channel, 'tracks', this);
  }

  want(): () => void {
    const who = Symbol('listener');
    this.#wanted.add(who);
    this.#idle = undefined;
    return () => {
      if (this.#wanted.delete(who) && this.#wanted.size === 0) this.#stopSoon();
    };
  }

  publish(packet: Uint8Array): void {
    this.#made.publish(packet);
  }

  retract(ssrc: number): number {
    // First: frames that are under way from the worker are of no use from now on.
    this.#made.retract(ssrc);
    this.#options.hub.retractProgramme(this.#channel, this.#made.ssrc);
    return 0;
  }

  /** Its listeners are put out by the sinks of the programme. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#made.stop();
    this.#options.hub.removeSink(this.#channel, 'tracks', this);
    this.#onOver();
  }

  #stopSoon(): void {
    const idle = Symbol('idle');
    this.#idle = idle;
    this.#options.clock.after(GRACE_MS, () => {
      if (this.#idle === idle) this.end();
    });
  }
}
