import { expect, test } from 'vitest';
import { ListenerPoll } from '../../../src/bot/broadcast/listener-poll.ts';
import { RestError } from '../../../src/client/rest-client.ts';
import { ManualClock } from '../../support/manual-clock.ts';

class Relay {
  readonly clock = new ManualClock(0);
  readonly asked: { readonly id: number; readonly atMs: number }[] = [];
  fault: Error | undefined;
  readonly poll = new ListenerPoll({
    clock: this.clock,
    ask: async (id) => {
      this.asked.push({ id, atMs: this.clock.nowMs() });
      if (this.fault) throw this.fault;
      return { total: id };
    },
  });

  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.clock.advance(1000);
      await new Promise(setImmediate);
    }
  }
}

test('one show asks every five seconds, and is told', async () => {
  const relay = new Relay();
  const counts: number[] = [];
  relay.poll.follow(7, ({ total }) => counts.push(total));
  await relay.pass(12);
  expect(relay.asked.map(({ atMs }) => atMs)).toEqual([1000, 6000, 11_000]);
  expect(counts).toEqual([7, 7, 7]);
});

test('very many are asked for one after the other, each as often as one alone', async () => {
  const relay = new Relay();
  for (let id = 0; id < 90; id += 1) relay.poll.follow(id, () => {});
  await relay.pass(12);
  expect(relay.asked.map(({ id }) => id)).toEqual(Array.from({ length: 270 }, (_, turn) => turn % 90));
});

test('a relay that has had enough is left alone for a minute', async () => {
  const relay = new Relay();
  relay.poll.follow(1, () => {});
  relay.fault = new RestError(429, 'rate_limited', 'Too many requests.');
  await relay.pass(60);
  expect(relay.asked).toHaveLength(1);
  relay.fault = undefined;
  await relay.pass(1);
  expect(relay.asked).toHaveLength(2);
});

test('nothing is asked, and no timer runs, once all shows are over', async () => {
  const relay = new Relay();
  const ends = [1, 2].map((id) => relay.poll.follow(id, () => {}));
  for (const end of ends) end();
  await relay.pass(20);
  expect(relay.asked).toEqual([]);
  expect(relay.clock.timers).toBe(0);
});
