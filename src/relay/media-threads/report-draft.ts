/** Gathers on a thread what its next report to the relay's thread says. */
import type { CounterName } from '../counters.ts';
import { PacketRecords } from './packet-records.ts';
import type { FromThread, ToThread } from './worker-messages.ts';

/**
 * While nothing is made, that packets were taken is reported for so many messages at once: each report costs the relay's thread
 * something, and the bounds of what may wait (media-thread.ts) are far above this.
 */
const PACKET_MESSAGES_MIN = 8;

export class ReportDraft {
  /** What has been made. */
  readonly records = new PacketRecords();
  readonly #counts = new Map<CounterName, number>();
  #takenBytes = 0;
  #takenMessages = 0;
  /** There is something else to tell than that packets came. */
  #isDue = false;
  #fault: string | undefined;

  /** A message waits no longer. */
  took(message: ToThread<unknown>): void {
    this.#takenMessages += 1;
    if (message.type === 'packets') this.#takenBytes += message.records.byteLength;
    else this.#isDue = true;
  }

  count(name: CounterName, count = 1): void {
    if (count > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  fail(error: unknown): void {
    this.#fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }

  /** The report; the next one begins empty. Undefined when it is not worth a message. Its `records` are to be transferred. */
  take(): FromThread | undefined {
    if (!this.#isWorthIt) return undefined;
    const report = {
      records: this.records.take(),
      takenBytes: this.#takenBytes,
      takenMessages: this.#takenMessages,
      counts: this.#counts.size > 0 ? new Map(this.#counts) : undefined,
      fault: this.#fault,
    };
    this.#takenBytes = 0;
    this.#takenMessages = 0;
    this.#isDue = false;
    this.#counts.clear();
    this.#fault = undefined;
    return report;
  }

  get #isWorthIt(): boolean {
    const isMuch = this.#takenMessages >= PACKET_MESSAGES_MIN || this.records.count > 0;
    return this.#isDue || isMuch || this.#counts.size > 0 || this.#fault !== undefined;
  }
}
