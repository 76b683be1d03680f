import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { runChecks } from '../../src/conformance/run.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { ACCOUNT_FAULTS } from '../support/account-faults.ts';
import { EVENTS_FAULTS } from '../support/events-faults.ts';
import { FACTS_FAULTS } from '../support/facts-faults.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { PROGRAMME_FAULTS, RETRACT_FAULTS } from '../support/programme-faults.ts';
import { REFUSAL_FAULTS } from '../support/refusal-faults.ts';
import { REST_FAULTS } from '../support/rest-faults.ts';
import { RESUME_FAULTS } from '../support/resume-faults.ts';
import { SOCKET_FAULTS } from '../support/socket-faults.ts';
import { startTestRelay } from '../support/test-relay.ts';
import { UDP_FAULTS } from '../support/udp-faults.ts';

test('our own relay keeps every demand, within the REST calls of a minute', async () => {
  // The kit holds active_since against the time of day.
  const relay = await startTestRelay({ clock: new ManualClock(Date.now()) });
  const stranger = await relay.accounts.add({});
  const findings = await runChecks(CHECKS, { url: relay.url, account: relay.account, stranger });
  expect(findings.filter(({ result }) => result !== 'kept')).toEqual([]);
  expect(relay.count('podcasts-ended')).toBe(relay.count('podcasts-created'));
});

test('no two demands are the same', () => {
  expect(new Set(CHECKS.map(({ demand }) => demand)).size).toBe(CHECKS.length);
});

test('there is a fault for each demand, but for three', () => {
  const faults = [
    ACCOUNT_FAULTS,
    REST_FAULTS,
    SOCKET_FAULTS,
    REFUSAL_FAULTS,
    RESUME_FAULTS,
    EVENTS_FAULTS,
    UDP_FAULTS,
    PROGRAMME_FAULTS,
    RETRACT_FAULTS,
    FACTS_FAULTS,
  ].flat();
  const broken = new Set(faults.flatMap(({ breaks }) => breaks));
  expect(CHECKS.map(({ demand }) => demand).filter((demand) => !broken.has(demand))).toEqual([
    // Without these two hardly a check could begin.
    'REST takes an account as client_id and client_secret.',
    'A WebSocket takes an account as client_id and client_secret.',
    // Broken, it breaks whatever else is checked at that moment.
    'The audio of one podcast does not come to the listeners of another.',
  ]);
});

/** Closed when the test has finished. @returns its URL */
async function serving(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a relay that never answers breaks each demand, and does not hold up the run', async () => {
  const url = await serving(createServer((socket) => socket.on('error', () => undefined).resume()));
  const account = { id: '1', secret: 'secret' };
  const findings = await runChecks(CHECKS.slice(0, 8), { url, account, stranger: account, checkMs: 50 });
  expect(new Set(findings.map(({ result }) => result))).toEqual(new Set(['broken']));
});

test('a relay that answers nonsense breaks each demand, and does not crash the run', async () => {
  const server = createHttpServer((_request, response) => response.end('nonsense'));
  server.on('upgrade', (_request, socket) => socket.end('nonsense\r\n\r\n'));
  const url = await serving(server);
  const account = { id: '1', secret: 'secret' };
  const findings = await runChecks(CHECKS, { url, account, stranger: account, checkMs: 2000 });
  const kept = findings.filter(({ result }) => result === 'kept');
  expect(kept.map(({ demand }) => demand)).toEqual([
    'POST /podcast answers 200.',
    'GET /live and GET /ready answer 200.',
  ]);
});

test('without a second account, what only a stranger can try is not tried', async () => {
  const relay = await startTestRelay({ clock: new ManualClock(Date.now()) });
  const findings = await runChecks(CHECKS, { url: relay.url, account: relay.account });
  const others = findings.filter(({ result }) => result !== 'kept');
  expect(others).toEqual([
    expect.objectContaining({ result: 'not tried', sentence: expect.stringContaining('--stranger') }),
    expect.objectContaining({ result: 'not tried', sentence: expect.stringContaining('--stranger') }),
  ]);
});
