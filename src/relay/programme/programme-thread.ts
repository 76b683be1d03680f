/** One worker thread that makes programmes, as the relay's thread sees it: what goes there is bounded and never waited for. */
import type { EventEmitter } from 'node:events';
import type { Clock } from '../clock.ts';
import { PacketRecords, readPacketRecords } from './packet-records.ts';
import { type FromWorker, sharedNowMs, type ToWorker } from './worker-messages.ts';

/** What a thread may owe: most of a second of forty programmes with three speakers. Older than that is of no use to it. */
const WAITING_MAX_BYTES = 1 << 20;
/** Messages that a thread may owe. They cannot be dropped, as packets can: a thread that owes more is given up. */
const WAITING_MAX_MESSAGES = 20_000;
/** Who has programmes to make says something every 20 ms: one from whom nothing was heard between two checks hangs. */
const CHECK_MS = 2000;
/** So many checks more has a thread that has to start first, on a machine that may be busy. */
const STARTING_CHECKS = 4;

/** How long packets are gathered for one message: each message costs the thread a tenth of what a frame does. */
const GATHER_MS = 4;

export function gatherAWhile(flush: () => void): void {
  setTimeout(flush, GATHER_MS);
}

/** The part of a Worker that is used here. */
export interface ProgrammeWorker extends EventEmitter {
  postMessage(message: ToWorker, transfer?: ArrayBuffer[]): void;
  terminate(): Promise<unknown>;
}

export interface ProgrammeThreadOptions {
  readonly worker: ProgrammeWorker;
  readonly clock: Pick<Clock, 'after'>;
  /** Calls `flush` when packets have been gathered for long enough: `gatherAWhile`. */
  readonly gather: (flush: () => void) => void;
  /** @param packet `1 ‖ nonce ‖ sealed`, a view that may be kept */
  readonly onFrame: (programme: number, generation: number, packet: Uint8Array) => void;
  readonly onReport: (report: FromWorker) => void;
  /** It ended by itself, or had to be ended. */
  readonly onLost: (thread: ProgrammeThread, why: string) => void;
}

export class ProgrammeThread {
  /** The programmes that it makes. */
  readonly programmes = new Set<number>();
  readonly #options: ProgrammeThreadOptions;
  readonly #batch = new PacketRecords();
  /** Posted, and not reported as taken. */
  #waitingBytes = 0;
  #waitingMessages = 0;
  #isWatched = false;
  #checksLeft = STARTING_CHECKS;
  /** What is wrong with it: from then on nothing is sent there. */
  #fault: string | undefined;
  #closed = false;

  constructor(options: ProgrammeThreadOptions) {
    this.#options = options;
    const { worker } = options;
    worker.on('message', (report: FromWorker) => this.#hear(report));
    worker.on('error', (error: unknown) => {
      this.#fault ??= error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', () => {
      if (!this.#closed) options.onLost(this, this.#fault ?? 'it exited');
      this.#closed = true;
    });
  }

  start(programme: number, key: Uint8Array, ssrc: number): void {
    this.programmes.add(programme);
    this.#post({ type: 'start', programme, key, ssrc });
    if (!this.#isWatched) this.#watch();
  }

  stop(programme: number): void {
    if (this.programmes.delete(programme)) this.#post({ type: 'stop', programme });
  }

  /** In the order of `publish`: what was handed over before is retracted too. */
  retract(programme: number, ssrc: number, generation: number): void {
    this.#flush();
    this.#post({ type: 'retract', programme, ssrc, generation });
  }

  /** Hands a packet over within a few ms. @param packet copied. @returns false when there is no room for it */
  publish(programme: number, packet: Uint8Array): boolean {
    if (this.#isDeaf || this.#waitingBytes + this.#batch.bytes + packet.length > WAITING_MAX_BYTES)
      return false;
    if (this.#batch.count === 0) this.#options.gather(this.#flush);
    this.#batch.add(programme, 0, packet);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#options.worker.terminate();
  }

  get #isDeaf(): boolean {
    return this.#closed || this.#fault !== undefined;
  }

  readonly #flush = (): void => {
    if (this.#batch.count === 0 || this.#closed) return;
    const records = this.#batch.take();
    this.#waitingBytes += records.byteLength;
    this.#post({ type: 'packets', records, atMs: sharedNowMs() }, [records]);
  };

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    if (this.#isDeaf) return;
    this.#waitingMessages += 1;
    if (this.#waitingMessages > WAITING_MAX_MESSAGES) this.#giveUp('it does not keep up');
    else this.#options.worker.postMessage(message, transfer);
  }

  #hear(report: FromWorker): void {
    if (this.#isDeaf) return;
    this.#checksLeft = 1;
    this.#waitingBytes -= report.takenBytes;
    this.#waitingMessages -= report.takenMessages;
    this.#options.onReport(report);
    readPacketRecords(report.records, this.#options.onFrame);
  }

  #watch(): void {
    this.#isWatched = true;
    this.#options.clock.after(CHECK_MS, () => {
      // What came while this thread itself stood still is heard first.
      setImmediate(() => this.#check());
    });
  }

  #check(): void {
    this.#isWatched = false;
    if (this.#isDeaf || this.programmes.size === 0) return;
    if (this.#checksLeft === 0) return this.#giveUp('it hangs');
    this.#checksLeft -= 1;
    this.#watch();
  }

  /** Its end is heard of as any other. */
  #giveUp(why: string): void {
    this.#fault = why;
    void this.#options.worker.terminate();
  }
}
