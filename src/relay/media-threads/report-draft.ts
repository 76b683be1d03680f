/** Gathers on a thread what its next report to the relay's thread says. */
import type { CounterName } from '../counters.ts';
import { PacketRecords } from './packet-records.ts';
import type { FromThread } from './worker-messages.ts';

export class ReportDraft {
  /** What has been made. */
  readonly records = new PacketRecords();
  readonly #counts = new Map<CounterName, number>();
  #takenMessages = 0;
  #fault: string | undefined;

  /** A message waits no longer. */
  tookMessage(): void {
    this.#takenMessages += 1;
  }

  count(name: CounterName, count = 1): void {
    if (count > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  fail(error: unknown): void {
    this.#fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }

  /** The report; the next one begins empty. Undefined when there is nothing to tell. Its `records` are to be transferred. */
  take(): FromThread | undefined {
    if (!this.#isDue) return undefined;
    const report = {
      records: this.records.take(),
      takenMessages: this.#takenMessages,
      counts: this.#counts.size > 0 ? new Map(this.#counts) : undefined,
      fault: this.#fault,
    };
    this.#takenMessages = 0;
    this.#counts.clear();
    this.#fault = undefined;
    return report;
  }

  get #isDue(): boolean {
    const isTold = this.#counts.size > 0 || this.#fault !== undefined;
    return isTold || this.records.count > 0 || this.#takenMessages > 0;
  }
}
