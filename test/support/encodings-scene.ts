/** A hub with real threads for programmes and encodings, and a podcast whose host is the test. */
import { onTestFinished } from 'vitest';
import type { CloseCode } from '../../src/protocol/close-codes.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import { type CounterName, Counters } from '../../src/relay/counters.ts';
import type { EncodedPage } from '../../src/relay/encoding/encoder.ts';
import { ENCODING_TRADE, type EncodingStart } from '../../src/relay/encoding/encoding-threads.ts';
import type { EncodingSink } from '../../src/relay/encoding/encodings.ts';
import { ProgrammeEncodings } from '../../src/relay/encoding/programme-encodings.ts';
import { Hub } from '../../src/relay/hub.ts';
import { MediaThreads, type Trade } from '../../src/relay/media-threads/media-threads.ts';
import { PROGRAMME_TRADE } from '../../src/relay/programme/programme-threads.ts';
import { Programmes } from '../../src/relay/programme/programmes.ts';
import { ManualClock } from './manual-clock.ts';

/** Keeps what it gets. */
export class KeepingSink implements EncodingSink {
  readonly headers: Uint8Array[] = [];
  readonly pages: EncodedPage[] = [];
  readonly ends: number[] = [];
  retracted = 0;

  header(bytes: Uint8Array): void {
    this.headers.push(bytes);
  }

  page(page: EncodedPage): void {
    this.pages.push(page);
  }

  retract(): number {
    this.retracted += 1;
    return 2;
  }

  end(close: CloseCode): void {
    this.ends.push(close.code);
  }

  get samples(): number {
    return this.pages.reduce((sum, { samples }) => sum + samples, 0);
  }

  /** Resolves when so many pages are there. */
  async has(pages: number): Promise<void> {
    while (this.pages.length < pages) await new Promise(setImmediate);
  }

  /** Resolves when it was told that the podcast is over. */
  async ended(): Promise<void> {
    while (this.ends.length === 0) await new Promise(setImmediate);
  }
}

function nothing(): void {}

interface SceneOptions {
  readonly encodingTrade?: Trade<EncodingStart>;
  readonly perThread?: number;
  readonly perAddress?: number;
}

export function makeScene({
  encodingTrade = ENCODING_TRADE,
  perThread = 4,
  perAddress = 100,
}: SceneOptions = {}) {
  const clock = new ManualClock();
  const counters = new Counters();
  const log = { info: nothing, warn: nothing, error: nothing };
  const parts = { clock, counters, log, threadsMax: 1, perThread };
  const hub = new Hub({ ...parts, limits: DEFAULT_LIMITS, senderTimeoutSeconds: 60, resumeSeconds: 5 });
  const programmeThreads = new MediaThreads({ ...parts, trade: PROGRAMME_TRADE });
  const programmes = new Programmes({ hub, threads: programmeThreads, perAddress: 100, clock, counters });
  const threads = new MediaThreads({ ...parts, trade: encodingTrade });
  const encodings = new ProgrammeEncodings({ hub, programmes, threads, perAddress, clock, counters });
  onTestFinished(async () => {
    await encodings.close();
    await programmes.close();
  });
  const channel = hub.create('1', { title: 'Knitting', description: '', guild: '', visibility: 'public' });
  const asker = { address: '203.0.113.1', refuse: nothing };
  const sender = { dismiss: nothing };
  return {
    hub,
    channel,
    clock,
    threads,
    programmeThreads,
    encodings,
    asker,
    goOnAir: (): void => hub.takeUp(channel, sender),
    count: (name: CounterName): number => counters.snapshot()[name],
  };
}
