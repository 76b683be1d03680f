import { onTestFinished, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/protocol/limits.ts';
import type { Sink } from '../../../src/relay/channel.ts';
import { Counters } from '../../../src/relay/counters.ts';
import { Hub } from '../../../src/relay/hub.ts';
import { MediaThreads } from '../../../src/relay/media-threads/media-threads.ts';
import { PROGRAMME_TRADE, type ProgrammeStart } from '../../../src/relay/programme/programme-threads.ts';
import { Programmes } from '../../../src/relay/programme/programmes.ts';
import { HandWorker } from '../../support/hand-worker.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function nothing(): void {}

function makeProgramme() {
  const worker = new HandWorker<ProgrammeStart>();
  const parts = {
    clock: new ManualClock(),
    counters: new Counters(),
    log: { info: nothing, warn: nothing, error: nothing },
  };
  const hub = new Hub({ ...parts, limits: DEFAULT_LIMITS, senderTimeoutSeconds: 60, resumeSeconds: 5 });
  const threads = new MediaThreads<ProgrammeStart>({
    ...parts,
    threadsMax: 1,
    perThread: 1,
    trade: { ...PROGRAMME_TRADE, startWorker: () => worker },
  });
  const programmes = new Programmes({ ...parts, hub, threads, perAddress: 1 });
  onTestFinished(() => programmes.close());
  const channel = hub.create('1', { title: '', description: '', guild: '', visibility: 'public' });
  programmes.want(channel, { address: '203.0.113.1', hasAccount: false, refuse: nothing });
  hub.takeUp(channel, { dismiss: nothing });
  return { hub, channel, worker };
}

const sink: Sink = { publish: nothing, retract: () => 0, end: nothing };

test('a programme may wait while all who hear it may, and no longer', () => {
  const { hub, channel, worker } = makeProgramme();
  const told = () => {
    worker.made(1, 0, Uint8Array.of(1));
    return worker.sent('wait').map(({ mayWait }) => mayWait);
  };
  const patient = { ...sink, mayWait: true };
  hub.addSink(channel, 'programme', sink);
  expect(told()).toEqual([]);
  hub.removeSink(channel, 'programme', sink);
  hub.addSink(channel, 'programme', patient);
  expect(told()).toEqual([true]);
  hub.addSink(channel, 'programme', sink);
  expect(told()).toEqual([true, false]);
  hub.removeSink(channel, 'programme', sink);
  expect(told()).toEqual([true, false, true]);
});
