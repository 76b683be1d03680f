/** A relay on a free port of loopback, with one account, a clock turned by hand and a log that is kept. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { AccountStore, Credentials } from '../../src/accounts/account-store.ts';
import { openMemoryAccounts } from '../../src/accounts/memory-accounts.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import type { CounterName } from '../../src/relay/counters.ts';
import { type Relay, type RelayOptions, startRelay } from '../../src/relay/relay.ts';
import { ManualClock } from './manual-clock.ts';

/** scrypt at its weakest: these tests are not about it. */
const CHEAP_SCRYPT = { cost: 2, blockSize: 1, parallelization: 1 };

export interface TestRelay extends Relay {
  readonly clock: ManualClock;
  readonly accounts: AccountStore;
  readonly account: Credentials;
  /** Lines of JSON. */
  readonly logLines: string[];
  count(name: CounterName): number;
  /** Resolves when a counter has come to so many. */
  counted(name: CounterName, atLeast: number): Promise<void>;
  /** Resolves when so many tasks wait for the clock: a running relay has its own, and one more for each answer it delays. */
  waiting(timers: number): Promise<void>;
  /** Resolves when so many lines with this message have been logged. */
  logged(message: string, times?: number): Promise<void>;
  /** Address for WebSocket clients, without a path. */
  readonly socketUrl: string;
}

type Changes = Partial<Omit<RelayOptions, 'limits' | 'clock'>> & {
  readonly limits?: Partial<Limits>;
  readonly clock?: ManualClock;
  /** Of a concurrent test its own: vitest cannot know which one asks. */
  readonly onFinished?: typeof onTestFinished;
};

/** Closed when the test has finished. */
export async function startTestRelay({
  limits,
  clock = new ManualClock(),
  onFinished = onTestFinished,
  ...changes
}: Changes = {}): Promise<TestRelay> {
  const accounts = openMemoryAccounts({ cost: CHEAP_SCRYPT });
  const account = await accounts.add({ name: 'the host' });
  const logLines: string[] = [];
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    // Shorter than two pings, which nobody can answer while the clock is turned.
    senderTimeoutSeconds: 10,
    resumeSeconds: 5,
    limits: { ...DEFAULT_LIMITS, ...limits },
    accounts,
    log: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
    clock,
    ...changes,
  });
  onFinished(() => relay.close());
  const count = (name: CounterName): number => relay.counters.snapshot()[name];
  return {
    ...relay,
    clock,
    accounts,
    account,
    logLines,
    count,
    async counted(name, atLeast) {
      while (count(name) < atLeast) await new Promise(setImmediate);
    },
    async waiting(timers) {
      while (clock.timers < timers) await new Promise(setImmediate);
    },
    async logged(message, times = 1) {
      const isIt = (line: string): boolean => line.includes(`"msg":"${message}"`);
      while (logLines.filter(isIt).length < times) await new Promise(setImmediate);
    },
    socketUrl: relay.url.replace('http', 'ws'),
  };
}
