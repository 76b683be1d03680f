import { type Server, createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askPodcast, type PodcastAnswer, PodcastPoll } from '../../../web/sound/podcast-poll.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { announced, ended } from '../../support/page-visits.ts';
import { startTestRelay } from '../../support/test-relay.ts';

/** Something on the way that answers everything so. */
async function answering(status: number, body: string): Promise<string> {
  const server: Server = createServer((_request, response) => void response.writeHead(status).end(body));
  onTestFinished(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('who has the link of a podcast is told what it is, and that it has ended', async () => {
  const relay = await startTestRelay();
  const podcast = await announced(relay, { title: 'Tea', visibility: 'private' });
  const url = `${relay.url}/p/${podcast.id}/podcast.json`;
  const opened = `${url}?key=${podcast.listen_key}`;
  expect(await askPodcast(opened)).toMatchObject({
    kind: 'facts',
    facts: { title: 'Tea', state: 'created' },
  });
  expect(await askPodcast(url)).toEqual({ kind: 'unknown' });
  await ended(relay, podcast);
  expect(await askPodcast(opened)).toEqual({ kind: 'over' });
  expect(await askPodcast(url)).toEqual({ kind: 'unknown' });
});

test('a podcast by its link is no one’s to keep, and says its faults to programs only', async () => {
  const relay = await startTestRelay();
  const { id, listen_key: key = '' } = await announced(relay, { visibility: 'private' });
  const found = await fetch(`${relay.url}/p/${id}/podcast.json?key=${key}`);
  expect(found.headers.get('cache-control')).toBe('no-store');
  expect(await found.text()).not.toContain(key);
  const missing = await fetch(`${relay.url}/p/${id}/podcast.json`, { headers: { accept: 'text/html' } });
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: 'unknown_podcast' });
});

test.each([
  [404, '<h1>Not Found</h1>', 'unreachable'],
  [410, 'Gone', 'unreachable'],
  [404, '{"error":"unknown_path","message":"No."}', 'unreachable'],
  [410, 'null', 'unreachable'],
  [200, '<h1>Log in to this network</h1>', 'unreachable'],
  [503, '{"error":"going_away","message":"Later."}', 'unreachable'],
  [429, 'Slowly', 'busy'],
  [404, '{"error":"unknown_podcast","message":"None."}', 'unknown'],
  [410, '{"error":"podcast_ended","message":"Over."}', 'over'],
])('what something on the way answers with %s and %s says that it is %s', async (status, body, kind) => {
  expect(await askPodcast(await answering(status, body))).toEqual({ kind });
});

test('an answer that comes when nobody waits for it any more counts for nothing', async () => {
  const asked = Array.from({ length: 2 }, () => Promise.withResolvers<PodcastAnswer>());
  const questions = asked.values();
  const answers: PodcastAnswer[] = [];
  const poll = new PodcastPoll(
    () => questions.next().value?.promise ?? Promise.reject(new Error('asked too often')),
    new ManualClock(),
    (answer) => answers.push(answer),
  );
  poll.start();
  poll.stop();
  poll.start();
  for (const [index, { resolve }] of asked.entries()) resolve({ kind: index === 0 ? 'over' : 'busy' });
  await new Promise(setImmediate);
  expect(answers).toEqual([{ kind: 'busy' }]);
});

test('an answer that does not come is none', async () => {
  expect(await askPodcast('http://127.0.0.1:9/')).toEqual({ kind: 'unreachable' });
});
