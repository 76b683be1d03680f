import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openPodcastStore } from '../../src/relay/podcast-store.ts';
import { accountHeaders, call, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { connectRawListener } from '../support/raw-listener.ts';
import { startTestRelay } from '../support/test-relay.ts';

test('a relay that is closed is gone within a second, whatever its peers do', async () => {
  const relay = await startTestRelay();
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const { id, url } = await makePodcast(relay.url, headers);
  const host = new NaiveClient(url, { ...headers, isSender: 'true' });
  await host.hello;
  await Promise.all([connectRawListener(relay.port, id), connectRawListener(relay.port, id)]);
  const idle = connect(relay.port, '127.0.0.1');
  onTestFinished(() => void idle.destroy());
  await once(idle, 'connect');

  const startMs = performance.now();
  await relay.close();
  expect(performance.now() - startMs).toBeLessThan(1000);

  expect((await host.ending).code).toBe(4010);
  expect(relay.clock.timers).toBe(0);
  await expect(fetch(`${relay.url}/live`)).rejects.toThrow('fetch failed');
});

test('while it drains, a relay takes no podcast and no socket more, knows of none, and says so', async () => {
  const relay = await startTestRelay();
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const { id } = await makePodcast(relay.url, headers);
  await connectRawListener(relay.port, id);
  const closed = relay.close();
  const goingAway = { status: 503, error: 'going_away' };
  const calls: [string, string][] = [
    ['POST', '/podcast'],
    ['GET', `/podcast?id=${id}`],
    ['POST', `/podcast/listen-key?id=${id}`],
    ['GET', '/list'],
    ['GET', '/ready'],
  ];
  for (const [method, path] of calls) {
    const answer = await fetch(relay.url + path, { method, headers });
    const { error } = (await answer.json()) as { error: string };
    expect({ status: answer.status, error }).toEqual(goingAway);
  }
  const late = new NaiveClient(`${relay.socketUrl}/?id=${id}`);
  const [, refusal] = await once(late.socket, 'unexpected-response');
  expect(refusal.statusCode).toBe(503);
  refusal.destroy();
  await closed;
});

test('while it drains, a host may still end its podcast for good, and nobody else', async () => {
  const podcastStore = openPodcastStore(':memory:', new Uint8Array(32));
  onTestFinished(() => {
    podcastStore.close();
  });
  const relay = await startTestRelay({ podcastStore });
  const headers = accountHeaders(2023, relay.account.id, relay.account.secret);
  const other = await relay.accounts.add({});
  const { id, url } = await makePodcast(relay.url, headers);
  await new NaiveClient(url, { ...headers, isSender: 'true' }).hello;
  await connectRawListener(relay.port, id);
  const closed = relay.close();
  const end = `${relay.url}/podcast?id=${id}`;
  expect((await call(end, 'DELETE', accountHeaders(2023, other.id, other.secret))).status).toBe(403);
  expect(podcastStore.load().podcasts).toHaveLength(1);
  expect((await call(end, 'DELETE', headers)).status).toBe(204);
  expect(podcastStore.load().podcasts).toEqual([]);
  await closed;
});

test('closing twice is closing once, and whoever waits for either waits for the end', async () => {
  const relay = await startTestRelay();
  const first = relay.close();
  await relay.close();
  expect(relay.logLines.filter((line) => line.includes('relay closed'))).toHaveLength(1);
  await first;
});

test('a port in use is named together with its setting', async () => {
  const { port } = await startTestRelay();
  await expect(startTestRelay({ port })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use by another program: set PORT to a free one.`,
  );
  await expect(startTestRelay({ host: '192.0.2.1' })).rejects.toThrow(
    '192.0.2.1 is not an address of this machine',
  );
});

test('a relay that could not start leaves nothing running', async () => {
  const { port } = await startTestRelay();
  const clock = new ManualClock();
  await expect(startTestRelay({ port, clock })).rejects.toThrow('is in use');
  expect(clock.timers).toBe(0);
});
