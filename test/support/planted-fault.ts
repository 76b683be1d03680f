/** A fault of a relay, and the demands that the conformance kit must report broken for it: these and no others. */
import { expect, test, type TestContext } from 'vitest';
import { runChecks } from '../../src/conformance/run.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { type Fault, startFaultyRelay } from './faulty-relay.ts';
import { ManualClock } from './manual-clock.ts';
import { startTestRelay } from './test-relay.ts';

export interface PlantedFault {
  /** What the relay does: "answers 201 to POST /podcast". */
  readonly name: string;
  /** Called once a relay, so that a fault can remember. */
  readonly plant: () => Fault;
  /** In the order of the kit. */
  readonly breaks: readonly string[];
}

/** How long the kit waits for what a fault swallows. All else happens in milliseconds. */
const CHECK_MS = 4000;

/** What every fault is checked against besides the sections that it breaks. */
const CONTROL = '5 Close codes';

/** Tests at once, because most of a test is the kit waiting for what a fault swallowed. */
export function testEachFault(faults: readonly PlantedFault[], checkMs: number = CHECK_MS): void {
  for (const fault of faults) {
    test.concurrent(`is found in a relay that ${fault.name}`, (context) => find(fault, context, checkMs));
  }
}

async function find(
  { plant, breaks }: PlantedFault,
  { onTestFinished }: TestContext,
  checkMs: number,
): Promise<void> {
  const touched = CHECKS.filter(({ demand }) => breaks.includes(demand)).map(({ section }) => section);
  const checks = CHECKS.filter(({ section }) => touched.includes(section) || section === CONTROL);
  const relay = await startTestRelay({
    clock: new ManualClock(Date.now()),
    onFinished: onTestFinished,
    limits: { REST_REQUESTS_PER_MINUTE: 10_000 },
  });
  const stranger = await relay.accounts.add({});
  const url = await startFaultyRelay(relay.url, plant(), onTestFinished);
  const findings = await runChecks(checks, { url, account: relay.account, stranger, checkMs });
  const broken = findings.filter(({ result }) => result !== 'kept');
  const seen = broken.map((finding) => `${finding.demand} ${'sentence' in finding ? finding.sentence : ''}`);
  expect(
    broken.map(({ demand }) => demand),
    seen.join('\n'),
  ).toEqual(breaks);
}
