import { pino } from 'pino';
import { expect, test } from 'vitest';
import { CLOSE } from '../../src/protocol/close-codes.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import type { Channel } from '../../src/relay/channel.ts';
import { Counters } from '../../src/relay/counters.ts';
import { Hub } from '../../src/relay/hub.ts';
import { ManualClock } from '../support/manual-clock.ts';

const ABOUT = { title: '', description: '', guild: '', visibility: 'public' } as const;

function hubAt(clock: ManualClock): Hub {
  const log = pino({ level: 'silent' });
  const counters = new Counters();
  return new Hub({
    limits: DEFAULT_LIMITS,
    senderTimeoutSeconds: 60,
    resumeSeconds: 30,
    clock,
    counters,
    log,
  });
}

function endedAfter(hub: Hub, isOnAir: boolean): Channel {
  const channel = hub.create('1', ABOUT);
  if (isOnAir) hub.takeUp(channel, { dismiss: () => undefined });
  hub.end(channel, CLOSE.senderDisconnected);
  return channel;
}

test('whoever makes and ends podcasts makes the relay forget none that was on air; each is remembered for a day', () => {
  const clock = new ManualClock();
  const hub = hubAt(clock);
  const { podcast } = endedAfter(hub, true);
  const { podcast: empty } = endedAfter(hub, false);
  expect(hub.findEnded(empty.id)).toMatchObject({ id: empty.id });
  for (let time = 0; time < 1000; time += 1) endedAfter(hub, false);
  expect(hub.findEnded(empty.id)).toBeUndefined();
  for (let time = 0; time < 999; time += 1) endedAfter(hub, true);
  clock.advance(24 * 3_600_000 - 1);
  expect(hub.findEnded(podcast.id)).toMatchObject({ id: podcast.id });
  clock.advance(1);
  expect(hub.findEnded(podcast.id)).toBeUndefined();
});
