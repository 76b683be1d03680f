import { expect, test } from 'vitest';
import { call } from '../../support/naive-client.ts';
import { aired, announced, ended, hostHeaders } from '../../support/page-visits.ts';
import { expectError } from '../../support/rest-calls.ts';
import { startTestRelay } from '../../support/test-relay.ts';

test('thirty who have a page open behind one address ask how its podcast is as often as they like', async () => {
  const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 3 } });
  const { podcast } = await aired(relay, { title: 'Tea', guild: 'Knitters' });
  const { body } = await call(`${relay.url}/podcast?id=${podcast.id}`, 'GET');
  for (let reader = 0; reader < 30; reader += 1) {
    const answer = await call(`${relay.url}/p/${podcast.id}/podcast.json`, 'GET');
    expect(answer).toMatchObject({ status: 200, body });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  }
});

test('the facts of a private podcast are for its key alone, which is not among them, also for its host', async () => {
  const relay = await startTestRelay();
  const { id, listen_key: key = '' } = await announced(relay, { visibility: 'private' });
  const url = `${relay.url}/p/${id}/podcast.json`;
  const { status, body } = await call(`${url}?key=${key}`, 'GET', hostHeaders(relay));
  expect([status, JSON.stringify(body)]).toEqual([200, expect.not.stringContaining(key)]);
  await expectError(call(url, 'GET'), 'unknown_podcast');
  await expectError(call(`${url}?key=x`, 'GET'), 'unknown_podcast');
  await expectError(call(`${url}?key=${key}&key=${key}`, 'GET'), 'invalid_request');
});

test('of a podcast that is over it is said that it is, and none is made up', async () => {
  const relay = await startTestRelay();
  const { podcast } = await aired(relay);
  await ended(relay, podcast);
  await expectError(call(`${relay.url}/p/${podcast.id}/podcast.json`, 'GET'), 'podcast_ended');
  await expectError(call(`${relay.url}/p/none/podcast.json`, 'GET'), 'invalid_id');
});
