/** One worker thread that makes programmes, as the relay's thread sees it: what goes there is bounded and never waited for. */
import type { EventEmitter } from 'node:events';
import { PacketRecords, readPacketRecords } from './packet-records.ts';
import { type FromWorker, sharedNowMs, type ToWorker } from './worker-messages.ts';

/** What a thread may owe: most of a second of forty programmes with three speakers. Older than that is of no use to it. */
const WAITING_MAX_BYTES = 1 << 20;

/** The part of a Worker that is used here. */
export interface ProgrammeWorker extends EventEmitter {
  postMessage(message: ToWorker, transfer?: ArrayBuffer[]): void;
  terminate(): Promise<unknown>;
}

export interface ProgrammeThreadOptions {
  readonly worker: ProgrammeWorker;
  /** Calls `task` once what has arrived by now has been read: setImmediate. */
  readonly defer: (task: () => void) => void;
  /** @param packet `1 ‖ nonce ‖ sealed`, a view that may be kept */
  readonly onFrame: (programme: number, generation: number, packet: Uint8Array) => void;
  readonly onReport: (report: FromWorker) => void;
  /** It ended by itself. */
  readonly onLost: (thread: ProgrammeThread, why: string) => void;
}

export class ProgrammeThread {
  /** The programmes that it makes. */
  readonly programmes = new Set<number>();
  readonly #options: ProgrammeThreadOptions;
  readonly #batch = new PacketRecords();
  /** Posted, and not reported as taken. */
  #waitingBytes = 0;
  #closed = false;

  constructor(options: ProgrammeThreadOptions) {
    this.#options = options;
    const { worker } = options;
    let why = 'it exited';
    worker.on('message', (report: FromWorker) => this.#hear(report));
    worker.on('error', (error: unknown) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', () => {
      if (!this.#closed) options.onLost(this, why);
      this.#closed = true;
    });
  }

  start(programme: number, key: Uint8Array, ssrc: number): void {
    this.programmes.add(programme);
    this.#post({ type: 'start', programme, key, ssrc });
  }

  stop(programme: number): void {
    if (this.programmes.delete(programme)) this.#post({ type: 'stop', programme });
  }

  /** In the order of `publish`: what was handed over before is retracted too. */
  retract(programme: number, ssrc: number, generation: number): void {
    this.#flush();
    this.#post({ type: 'retract', programme, ssrc, generation });
  }

  /** Hands a packet over at the end of this turn. @param packet copied. @returns false when there is no room for it */
  publish(programme: number, packet: Uint8Array): boolean {
    if (this.#closed || this.#waitingBytes + this.#batch.bytes + packet.length > WAITING_MAX_BYTES)
      return false;
    if (this.#batch.count === 0) this.#options.defer(this.#flush);
    this.#batch.add(programme, 0, packet);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#options.worker.terminate();
  }

  readonly #flush = (): void => {
    if (this.#batch.count === 0 || this.#closed) return;
    const records = this.#batch.take();
    this.#waitingBytes += records.byteLength;
    this.#options.worker.postMessage({ type: 'packets', records, atMs: sharedNowMs() }, [records]);
  };

  #post(message: ToWorker): void {
    if (!this.#closed) this.#options.worker.postMessage(message, []);
  }

  #hear(report: FromWorker): void {
    if (this.#closed) return;
    this.#waitingBytes -= report.takenBytes;
    this.#options.onReport(report);
    readPacketRecords(report.records, this.#options.onFrame);
  }
}
