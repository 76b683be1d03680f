import { expect, test } from 'vitest';
import { Heartbeat, type PingedPeer } from '../../src/relay/heartbeat.ts';
import { accountHeaders, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startTestRelay } from '../support/test-relay.ts';

class Peer implements PingedPeer {
  missedPings = 0;
  pings = 0;
  terminated = false;

  ping(): void {
    this.pings += 1;
  }

  terminate(): void {
    this.terminated = true;
  }
}

test('a peer is pinged every 20 s, and terminated when it has missed two', () => {
  const clock = new ManualClock();
  const dead: Peer[] = [];
  const heartbeat = new Heartbeat<Peer>(clock, (peer) => void dead.push(peer));
  const [silent, lively] = [new Peer(), new Peer()];
  heartbeat.add(silent);
  heartbeat.add(lively);
  for (let seconds = 0; seconds < 40; seconds += 1) {
    clock.advance(1000);
    lively.missedPings = 0;
  }
  expect([silent.pings, lively.pings]).toEqual([2, 2]);
  expect(silent.terminated).toBe(false);
  clock.advance(20_000);
  expect(dead).toEqual([silent]);
  expect(silent.terminated).toBe(true);
  expect(lively.pings).toBe(3);
});

test('peers are spread over the seconds, and one that left is not pinged', () => {
  const clock = new ManualClock();
  const heartbeat = new Heartbeat<Peer>(clock, () => undefined);
  const peers = Array.from({ length: 60 }, () => new Peer());
  const [leave] = peers.map((peer) => heartbeat.add(peer));
  leave?.();
  clock.advance(1000);
  expect(peers.filter(({ pings }) => pings > 0)).toHaveLength(2);
  clock.advance(19_000);
  expect(peers.filter(({ pings }) => pings === 1)).toHaveLength(59);
  heartbeat.close();
  expect(clock.timers).toBe(0);
});

test('a host that answers nothing any more is found, and its podcast waits for it', async () => {
  const relay = await startTestRelay();
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const { url } = await makePodcast(relay.url, headers);
  const host = new NaiveClient(url, { ...headers, isSender: 'true' });
  await host.hello;
  host.socket.pause();
  relay.clock.advance(60_000);
  await relay.logged('podcast interrupted');
  expect(relay.count('dead-peer')).toBe(1);
});
