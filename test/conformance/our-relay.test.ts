import { expect, test } from 'vitest';
import { runChecks } from '../../src/conformance/run.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startTestRelay } from '../support/test-relay.ts';

test('our own relay keeps every demand, within the REST calls of a minute', async () => {
  // The kit holds active_since against the time of day.
  const relay = await startTestRelay({ clock: new ManualClock(Date.now()) });
  const stranger = await relay.accounts.add({});
  const findings = await runChecks(CHECKS, { url: relay.url, account: relay.account, stranger });
  expect(findings.filter(({ result }) => result !== 'kept')).toEqual([]);
});
