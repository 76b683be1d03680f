/** The relay of the bench of programmes, in a process of its own: says where it is, and what it has done when it is asked. */
import { pino } from 'pino';
import { openMemoryAccounts } from '../src/accounts/memory-accounts.ts';
import { DEFAULT_LIMITS } from '../src/protocol/limits.ts';
import type { CounterSnapshot } from '../src/relay/counters.ts';
import { startRelay } from '../src/relay/relay.ts';

/** What the relay says at first. */
export interface ServerReady {
  readonly url: string;
  readonly account: { readonly id: string; readonly secret: string };
}

/** … and whenever it is asked. */
export type ServerCounters = CounterSnapshot;

/** Hosts and listeners are one process, and so is whoever makes podcasts. */
const MANY = 1_000_000;
const accounts = openMemoryAccounts();
const account = await accounts.add({});
const relay = await startRelay({
  host: '127.0.0.1',
  port: 0,
  trustProxy: false,
  senderTimeoutSeconds: 600,
  resumeSeconds: 30,
  limits: {
    ...DEFAULT_LIMITS,
    PROGRAMMES_PER_THREAD: MANY,
    PROGRAMMES_PER_ADDRESS: MANY,
    LISTENERS_PER_PODCAST: MANY,
    LISTENERS_PER_RELAY: MANY,
    LISTENERS_PER_ADDRESS: MANY,
    REST_REQUESTS_PER_MINUTE: MANY,
  },
  programmeThreads: 1,
  accounts,
  log: pino({ level: 'silent' }),
});
process.on('message', () => process.send?.(relay.counters.snapshot()));
const ready: ServerReady = { url: relay.url, account };
process.send?.(ready);
