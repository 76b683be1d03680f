/** Encodings made by a real desk with real encoders, while time is turned by hand. */
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import type { EncodedPage, Format } from '../../src/relay/encoding/encoder.ts';
import { loadEncoders } from '../../src/relay/encoding/encoders.ts';
import { EncodingDesk } from '../../src/relay/encoding/encoding-desk.ts';
import { readMadePage } from '../../src/relay/encoding/encoding-threads.ts';
import { readPacketRecords } from '../../src/relay/media-threads/packet-records.ts';

export const KEY: Uint8Array = new Uint8Array(32).fill(3);

export interface GivenPage extends EncodedPage {
  readonly job: number;
  readonly generation: number;
}

export class EncodingRun {
  readonly desk: EncodingDesk;
  readonly counts = new Map<string, number>();
  readonly pages: GivenPage[] = [];
  readonly ended: number[] = [];
  readonly faults: string[] = [];
  nowMs = 1000;
  #dueMs = Infinity;

  constructor(desk: EncodingDesk) {
    this.desk = desk;
  }

  static async make(): Promise<EncodingRun> {
    const decoders = await LibopusCodec.load();
    return new EncodingRun(new EncodingDesk({ decoders, makers: await loadEncoders() }));
  }

  start(job: number, format: Format, title = 'A title'): void {
    this.desk.take({ type: 'start', job, start: { key: KEY, format, title } }, this.nowMs);
    this.#round();
  }

  send(job: number, packets: readonly Uint8Array[], atMs = this.nowMs): void {
    for (const packet of packets) this.desk.receive(job, packet, atMs);
    this.#round();
  }

  retract(job: number, generation: number): void {
    this.desk.take({ type: 'retract', job, ssrc: 1, generation }, this.nowMs);
    this.#round();
  }

  stop(job: number): void {
    this.desk.take({ type: 'stop', job }, this.nowMs);
    this.#round();
  }

  /** Lets time pass; whatever is due is made when it is. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    while (this.#dueMs <= untilMs) {
      this.nowMs = Math.max(this.nowMs, this.#dueMs);
      this.#round();
    }
    this.nowMs = untilMs;
  }

  /** Time passes, but this thread does not run. */
  stall(ms: number): void {
    this.nowMs += ms;
    this.#round();
  }

  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  of(job: number): GivenPage[] {
    return this.pages.filter((page) => page.job === job);
  }

  samples(job: number): number {
    return this.of(job).reduce((sum, { samples }) => sum + samples, 0);
  }

  #round(): void {
    this.#dueMs = this.nowMs + (this.desk.run(this.nowMs) ?? Infinity);
    const report = this.desk.report();
    if (!report) return;
    for (const [name, count] of report.counts ?? []) this.counts.set(name, this.count(name) + count);
    if (report.fault !== undefined) this.faults.push(report.fault);
    readPacketRecords(report.records, (job, generation, made) => {
      const page = readMadePage(made);
      if (page) this.pages.push({ ...page, job, generation });
      else this.ended.push(job);
    });
  }
}

export function bytesOf(pages: readonly EncodedPage[]): Buffer {
  return Buffer.concat(pages.map(({ bytes }) => bytes));
}
