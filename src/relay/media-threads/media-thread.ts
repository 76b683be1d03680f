/** One worker thread that makes programmes or encodings, as the relay's thread sees it: what goes there is bounded and never waited for. */
import type { EventEmitter } from 'node:events';
import type { Clock } from '../clock.ts';
import { Mailbox } from './mailbox.ts';
import { readPacketRecords } from './packet-records.ts';
import { type FromThread, type Posted, sharedNowMs, type ToThread } from './worker-messages.ts';

/** Messages that may wait for a thread. They cannot be dropped, as packets can: a thread for which more wait is given up. */
const WAITING_MAX_MESSAGES = 20_000;
/** How many checks in a row a new thread may be silent for: it has to start first, and the machine may be busy. */
const STARTING_CHECKS = 4;

/** The part of a Worker that is used here. */
export interface MediaWorker<Start> extends EventEmitter {
  postMessage(message: Posted<Start>, transfer: ArrayBuffer[]): void;
  terminate(): Promise<unknown>;
}

export interface MediaThreadOptions<Start> {
  readonly worker: MediaWorker<Start>;
  readonly clock: Pick<Clock, 'after'>;
  /** From one check to the next: a thread that says nothing between two of them hangs. */
  readonly hangsAfterMs: number;
  /** @param made a view that may be kept */
  readonly onMade: (job: number, generation: number, made: Uint8Array) => void;
  readonly onReport: (report: FromThread) => void;
  /** It ended by itself, or had to be ended. */
  readonly onLost: (thread: MediaThread<Start>, why: string) => void;
}

export class MediaThread<Start> {
  /** What it makes. */
  readonly jobs = new Set<number>();
  readonly #options: MediaThreadOptions<Start>;
  readonly #mailbox = new Mailbox();
  /** Posted, and not reported as taken. */
  #waitingMessages = 0;
  #isWatched = false;
  #checksLeft = STARTING_CHECKS;
  /** What is wrong with it: from then on nothing is sent there. */
  #fault: string | undefined;
  #closed = false;

  constructor(options: MediaThreadOptions<Start>) {
    this.#options = options;
    const { worker } = options;
    worker.on('message', (report: FromThread) => this.#hear(report));
    worker.on('error', (error: unknown) => {
      this.#fault ??= error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', () => {
      if (!this.#closed) options.onLost(this, this.#fault ?? 'it exited');
      this.#closed = true;
    });
    worker.postMessage({ type: 'mailbox', memory: this.#mailbox.memory }, []);
  }

  start(job: number, start: Start): void {
    this.jobs.add(job);
    this.#post({ type: 'start', job, start });
    if (!this.#isWatched) this.#watch();
  }

  stop(job: number): void {
    if (this.jobs.delete(job)) this.#post({ type: 'stop', job });
  }

  /** In the order of `publish`: what was handed over before is retracted too. */
  retract(job: number, ssrc: number, generation: number): void {
    this.#post({ type: 'retract', job, ssrc, generation });
  }

  /** The thread finds it when it makes something next. @param packet copied. @returns false when there is no room for it */
  publish(job: number, packet: Uint8Array): boolean {
    return !this.#isDeaf && this.#mailbox.put(job, packet, sharedNowMs());
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#options.worker.terminate();
  }

  get #isDeaf(): boolean {
    return this.#closed || this.#fault !== undefined;
  }

  #post(message: ToThread<Start>): void {
    if (this.#isDeaf) return;
    this.#waitingMessages += 1;
    if (this.#waitingMessages > WAITING_MAX_MESSAGES) this.#giveUp('it does not keep up');
    else this.#options.worker.postMessage({ ...message, writtenBytes: this.#mailbox.writtenBytes }, []);
  }

  #hear(report: FromThread): void {
    if (this.#isDeaf) return;
    this.#checksLeft = 1;
    this.#waitingMessages -= report.takenMessages;
    this.#options.onReport(report);
    readPacketRecords(report.records, this.#options.onMade);
  }

  #watch(): void {
    this.#isWatched = true;
    this.#options.clock.after(this.#options.hangsAfterMs, () => {
      // What came while this thread itself stood still is heard first.
      setImmediate(() => this.#check());
    });
  }

  #check(): void {
    this.#isWatched = false;
    if (this.#isDeaf || this.jobs.size === 0) return;
    if (this.#checksLeft === 0) return this.#giveUp('it hangs');
    this.#checksLeft -= 1;
    this.#watch();
  }

  /** Ends the thread. `onLost` is called when it has exited, as for a thread that dies by itself. */
  #giveUp(why: string): void {
    this.#fault = why;
    void this.#options.worker.terminate();
  }
}
