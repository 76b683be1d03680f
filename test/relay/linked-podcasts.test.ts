import { describe, expect, test } from 'vitest';
import { makePodcast } from '../support/naive-client.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';
import { headersOf } from '../support/udp-on-air.ts';

const LIMIT = 3;

function startLimited(): Promise<TestRelay> {
  return startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: LIMIT }, trustProxy: true });
}

/** The status of a link's answer. */
async function follow(relay: TestRelay, link: string, address = '203.0.113.1'): Promise<number> {
  const answer = await fetch(`${relay.url}/p/${link}`, { headers: { 'x-forwarded-for': address } });
  await answer.body?.cancel();
  return answer.status;
}

/** Somebody at this address guesses until it is slowed down. */
async function guess(relay: TestRelay): Promise<void> {
  for (let id = 1; id <= LIMIT; id += 1) expect(await follow(relay, `${id}/live.m3u`)).toBe(404);
  expect(await follow(relay, `${LIMIT + 1}/live.m3u`)).toBe(429);
}

describe('who guesses at links beside others at one address', () => {
  test('takes from them neither public podcasts nor, with its key, a private one; a wrong key is 429', async () => {
    const relay = await startLimited();
    const open = await makePodcast(relay.url, headersOf(relay));
    const closed = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    await guess(relay);
    for (let listener = 0; listener < 2 * LIMIT; listener += 1) {
      expect(await follow(relay, `${open.id}/live.m3u`)).toBe(200);
      expect(await follow(relay, `${closed.id}/live.m3u?key=${closed.listen_key}`)).toBe(200);
    }
    expect(await follow(relay, `${closed.id}/live.m3u?key=x`)).toBe(429);
  });

  test('finds no unlisted one, while who has had it before goes on', async () => {
    const relay = await startLimited();
    const about = { visibility: 'unlisted' };
    const [had, other] = [
      await makePodcast(relay.url, headersOf(relay), about),
      await makePodcast(relay.url, headersOf(relay), about),
    ];
    expect(await follow(relay, `${had.id}/live.m3u`)).toBe(200);
    await guess(relay);
    expect(await follow(relay, `${had.id}/live.m3u`)).toBe(200);
    expect(await follow(relay, `${other.id}/live.m3u`)).toBe(429);
    expect(await follow(relay, `${other.id}/live.m3u`, '203.0.113.2')).toBe(200);
  });
});
