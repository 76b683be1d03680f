/** Worker threads that make programmes, or encodings: started when they are wanted, loaded evenly, replaced when they die. */
import type { Logger } from 'pino';
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import { MediaThread, type MediaWorker } from './media-thread.ts';
import type { FromThread } from './worker-messages.ts';

/** A thread that dies at once again must not take the relay's time. */
const REPLACE_MS = 1000;

/** What a kind of threads makes. `Start` is what a thread has to know of one job. */
export interface Trade<Start> {
  /** As counters and messages call what is made. */
  readonly noun: 'programme' | 'encoding';
  readonly startWorker: () => MediaWorker<Start>;
  /** A thread with something to make reports often: one that is silent for this long, or for up to twice as long, hangs. */
  readonly hangsAfterMs: number;
  /** Whether there is nothing in it that a retraction could take back: then it comes out even if it was made before one. */
  readonly isLasting?: (made: Uint8Array) => boolean;
}

export interface MediaThreadsOptions<Start> {
  readonly trade: Trade<Start>;
  /** At most so many threads; a further one is started only while each of those there has a job. */
  readonly threadsMax: number;
  /** Jobs that one thread takes. */
  readonly perThread: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
  readonly log: Pick<Logger, 'error'>;
}

/** A programme or an encoding that is made somewhere, until it is stopped. */
export interface Job {
  /** @param packet `1 ‖ nonce ‖ sealed`; copied, or dropped and counted */
  publish(packet: Uint8Array): void;
  /** Nothing that was published of this stream up to now comes out any more. */
  retract(ssrc: number): void;
  /** Takes no more; what comes out of what was published is still heard of. */
  finish(): void;
  /** Nothing is heard of it any more. */
  stop(): void;
}

interface Place<Start> extends Job {
  readonly startOf: () => Start;
  readonly onMade: (made: Uint8Array) => void;
  generation: number;
  isFinished: boolean;
  /** Undefined between the end of one and the start of the next. */
  thread: MediaThread<Start> | undefined;
}

export class MediaThreads<Start> {
  readonly #options: MediaThreadsOptions<Start>;
  readonly #places = new Map<number, Place<Start>>();
  readonly #threads = new Set<MediaThread<Start>>();
  #lastId = 0;
  #closed = false;

  constructor(options: MediaThreadsOptions<Start>) {
    this.#options = options;
  }

  /** Jobs that are not stopped. */
  get size(): number {
    return this.#places.size;
  }

  /**
   * Begins a job.
   * @param startOf asked each time that a thread begins it: another one does when the first has died
   * @param onMade gets what is made; it may keep it
   * @throws ContractError (4009) when all threads have as many as they take
   */
  begin(startOf: () => Start, onMade: (made: Uint8Array) => void): Job {
    const { threadsMax, perThread, trade } = this.#options;
    const most = threadsMax * perThread;
    if (this.#places.size >= most) {
      throw new ContractError(CLOSE.capacity, `This relay makes ${most} ${trade.noun}s: that is the most.`);
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const place = this.#placeOf(id, startOf, onMade);
    this.#places.set(id, place);
    this.#settle(id, place);
    return place;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#places.clear();
    await Promise.all([...this.#threads].map((thread) => thread.close()));
  }

  #placeOf(id: number, startOf: () => Start, onMade: (made: Uint8Array) => void): Place<Start> {
    const { counters, trade } = this.#options;
    const place: Place<Start> = {
      startOf,
      onMade,
      generation: 0,
      isFinished: false,
      thread: undefined,
      publish(packet) {
        if (!place.thread?.publish(id, packet)) counters.add(`${trade.noun}-overrun`);
      },
      retract(ssrc) {
        place.generation += 1;
        place.thread?.retract(id, ssrc, place.generation);
      },
      finish() {
        place.isFinished = true;
        place.thread?.stop(id);
      },
      stop: () => {
        this.#places.delete(id);
        place.thread?.stop(id);
      },
    };
    return place;
  }

  /** Gives it to a thread, which begins it anew: a stream of its own each time. */
  #settle(id: number, place: Place<Start>): void {
    if (this.#closed || place.isFinished || !this.#places.has(id)) return;
    place.thread = this.#leastLoaded();
    place.generation = 0;
    place.thread.start(id, place.startOf());
  }

  #leastLoaded(): MediaThread<Start> {
    const [least] = [...this.#threads].toSorted((a, b) => a.jobs.size - b.jobs.size);
    const isEnough = this.#threads.size >= this.#options.threadsMax;
    return least && (isEnough || least.jobs.size === 0) ? least : this.#startThread();
  }

  #startThread(): MediaThread<Start> {
    const { trade, clock } = this.#options;
    const thread = new MediaThread<Start>({
      worker: trade.startWorker(),
      clock,
      hangsAfterMs: trade.hangsAfterMs,
      onMade: this.#takeMade,
      onReport: (report) => this.#note(report),
      onLost: (lost, why) => this.#replace(lost, why),
    });
    this.#threads.add(thread);
    return thread;
  }

  readonly #takeMade = (id: number, generation: number, made: Uint8Array): void => {
    const place = this.#places.get(id);
    if (!place) return;
    const { trade, counters } = this.#options;
    if (place.generation === generation || trade.isLasting?.(made)) place.onMade(made);
    else counters.add('retracted');
  };

  #note({ counts, fault }: FromThread): void {
    const { counters, log, trade } = this.#options;
    if (counts) for (const [name, count] of counts) counters.add(name, count);
    if (fault === undefined) return;
    counters.add(`${trade.noun}-fault`);
    log.error({ fault, making: `${trade.noun}s` }, 'a stream failed and was begun anew');
  }

  #replace(thread: MediaThread<Start>, why: string): void {
    const { counters, log, clock, trade } = this.#options;
    this.#threads.delete(thread);
    counters.add(`${trade.noun}-worker-lost`);
    log.error({ making: `${trade.noun}s`, count: thread.jobs.size, why }, 'a thread died');
    const ids = [...thread.jobs];
    for (const id of ids) this.#unsettle(id);
    clock.after(REPLACE_MS, () => {
      for (const id of ids) {
        const place = this.#places.get(id);
        if (place) this.#settle(id, place);
      }
    });
  }

  #unsettle(id: number): void {
    const place = this.#places.get(id);
    if (place) place.thread = undefined;
  }
}
