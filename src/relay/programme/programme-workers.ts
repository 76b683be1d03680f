/** The worker threads that make programmes: started when they are wanted, loaded evenly, replaced when they die. */
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import { ProgrammeThread, type ProgrammeWorker, gatherAWhile } from './programme-thread.ts';
import { type FromWorker, PROGRAMME_LOSSES } from './worker-messages.ts';

/** A thread that dies at once again must not take the relay's time. */
const REPLACE_MS = 1000;

export interface ProgrammeWorkersOptions {
  /** Threads that may be started; each when the ones before it have something to do. */
  readonly threadsMax: number;
  /** Programmes that one thread takes. */
  readonly perThread: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
  readonly log: Pick<Logger, 'error'>;
  readonly startWorker?: () => ProgrammeWorker;
  /** For how long packets are gathered before they go to a thread. */
  readonly gather?: (flush: () => void) => void;
}

/** A programme that is made somewhere, until it is stopped. */
export interface MadeProgramme {
  /** u32, of the stream that comes out; another one after its thread has died. */
  readonly ssrc: number;
  /** @param packet of the host, `1 ‖ nonce ‖ sealed`; copied, or dropped and counted */
  publish(packet: Uint8Array): void;
  /** Nothing that was said by this speaker up to now comes out any more. */
  retract(ssrc: number): void;
  stop(): void;
}

interface Place extends MadeProgramme {
  ssrc: number;
  readonly key: Uint8Array;
  readonly onFrame: (packet: Uint8Array) => void;
  generation: number;
  /** Undefined between the end of one and the start of the next. */
  thread: ProgrammeThread | undefined;
}

export class ProgrammeWorkers {
  readonly #options: ProgrammeWorkersOptions;
  readonly #places = new Map<number, Place>();
  readonly #threads = new Set<ProgrammeThread>();
  #lastId = 0;
  #closed = false;

  constructor(options: ProgrammeWorkersOptions) {
    this.#options = options;
  }

  /** Programmes that are being made. */
  get size(): number {
    return this.#places.size;
  }

  /**
   * Begins a programme.
   * @param key 32 bytes, of the podcast
   * @param onFrame gets `1 ‖ nonce ‖ sealed` every 20 ms; it may keep it
   * @throws ContractError (4009) when all threads have as many as they take
   */
  begin(key: Uint8Array, onFrame: (packet: Uint8Array) => void): MadeProgramme {
    const most = this.#options.threadsMax * this.#options.perThread;
    if (this.#places.size >= most) {
      throw new ContractError(CLOSE.capacity, `This relay makes ${most} programmes: that is the most.`);
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const place = this.#placeOf(id, key, onFrame);
    this.#places.set(id, place);
    this.#settle(id, place);
    return place;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#places.clear();
    await Promise.all([...this.#threads].map((thread) => thread.close()));
  }

  #placeOf(id: number, key: Uint8Array, onFrame: (packet: Uint8Array) => void): Place {
    const { counters } = this.#options;
    const place: Place = {
      ssrc: 0,
      key,
      onFrame,
      generation: 0,
      thread: undefined,
      publish(packet) {
        if (!place.thread?.publish(id, packet)) counters.add('programme-overrun');
      },
      retract(ssrc) {
        place.generation += 1;
        place.thread?.retract(id, ssrc, place.generation);
      },
      stop: () => {
        this.#places.delete(id);
        place.thread?.stop(id);
      },
    };
    return place;
  }

  /** Has a thread make it, from the beginning: a stream of its own each time. */
  #settle(id: number, place: Place): void {
    if (this.#closed || !this.#places.has(id)) return;
    place.thread = this.#leastLoaded();
    place.ssrc = randomU32();
    place.generation = 0;
    place.thread.start(id, place.key, place.ssrc);
  }

  #leastLoaded(): ProgrammeThread {
    const [least] = [...this.#threads].toSorted((a, b) => a.programmes.size - b.programmes.size);
    const isEnough = this.#threads.size >= this.#options.threadsMax;
    return least && (isEnough || least.programmes.size === 0) ? least : this.#startThread();
  }

  #startThread(): ProgrammeThread {
    const { startWorker = startProgrammeWorker, gather = gatherAWhile } = this.#options;
    const thread = new ProgrammeThread({
      worker: startWorker(),
      clock: this.#options.clock,
      gather,
      onFrame: this.#takeFrame,
      onReport: (report) => this.#note(report),
      onLost: (lost, why) => this.#replace(lost, why),
    });
    this.#threads.add(thread);
    return thread;
  }

  readonly #takeFrame = (id: number, generation: number, packet: Uint8Array): void => {
    const place = this.#places.get(id);
    if (!place) return;
    if (place.generation === generation) place.onFrame(packet);
    else this.#options.counters.add('retracted');
  };

  #note({ unopened, skipped, losses, fault }: FromWorker): void {
    const { counters, log } = this.#options;
    if (unopened > 0) counters.add('programme-unopened', unopened);
    if (skipped > 0) counters.add('programme-skipped', skipped);
    if (losses) for (const name of PROGRAMME_LOSSES) counters.add(`programme-${name}`, losses[name]);
    if (fault === undefined) return;
    counters.add('programme-fault');
    log.error({ fault }, 'a programme failed and was begun anew');
  }

  #replace(thread: ProgrammeThread, why: string): void {
    const { counters, log, clock } = this.#options;
    this.#threads.delete(thread);
    counters.add('programme-worker-lost');
    log.error({ programmes: thread.programmes.size, why }, 'a thread that makes programmes died');
    const ids = [...thread.programmes];
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

function startProgrammeWorker(): ProgrammeWorker {
  return new Worker(new URL('programme-worker.ts', import.meta.url));
}

function randomU32(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value;
}
