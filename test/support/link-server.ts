/** What every call behind a link needs: a hub, a server with its faults and limits, and a clock that a test turns by hand. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { openMemoryAccounts } from '../../src/accounts/memory-accounts.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import { Authenticator } from '../../src/relay/authentication.ts';
import { clientAddressBehind } from '../../src/relay/client-address.ts';
import { Counters } from '../../src/relay/counters.ts';
import { GuessLimit } from '../../src/relay/guess-limit.ts';
import { Hub } from '../../src/relay/hub.ts';
import { LoginDelay } from '../../src/relay/login-delay.ts';
import { RestAccess } from '../../src/relay/rest-access.ts';
import { RestFaults } from '../../src/relay/rest-fault.ts';
import { makeRestServer } from '../../src/relay/rest-server.ts';
import { ManualClock } from './manual-clock.ts';

export type LinkServer = Awaited<ReturnType<typeof makeLinkServer>>;

/** Without any calls yet; closed when the test has finished. */
export async function makeLinkServer(changes: Partial<Limits> = {}) {
  const limits = { ...DEFAULT_LIMITS, ...changes };
  const clock = new ManualClock();
  const counters = new Counters();
  const logLines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) });
  const accounts = openMemoryAccounts({ cost: { cost: 2, blockSize: 1, parallelization: 1 } });
  const clientAddress = clientAddressBehind(false);
  const hub = new Hub({ limits, senderTimeoutSeconds: 10, resumeSeconds: 5, clock, counters, log });
  const faults = new RestFaults(counters, log);
  const server = await makeRestServer({ limits, faults, clientAddress, accounts });
  onTestFinished(() => server.close());
  const authenticator = new Authenticator(accounts, new LoginDelay(5, clock));
  const guesses = new GuessLimit(limits.REST_REQUESTS_PER_MINUTE, clock);
  const access = new RestAccess({ hub, authenticator, clientAddress, guesses });
  return { limits, clock, counters, logLines, clientAddress, hub, server, access };
}
