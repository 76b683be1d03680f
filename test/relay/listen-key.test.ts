import { describe, expect, test } from 'vitest';
import { accountHeaders, call, makePodcast, NaiveClient, type Podcast } from '../support/naive-client.ts';
import { expectError } from '../support/rest-calls.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';

function headersOf({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

function renew(relay: TestRelay, id: number, headers = headersOf(relay)): ReturnType<typeof call> {
  return call(`${relay.url}/podcast/listen-key?id=${id}`, 'POST', headers);
}

describe('a private podcast whose listen key is renewed', () => {
  test('puts out who listens by the old key, lets in who has the new one, and its host notices nothing', async () => {
    const relay = await startTestRelay();
    const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const url = `${relay.socketUrl}/?id=${podcast.id}`;
    const host = new NaiveClient(url, { ...headersOf(relay), isSender: 'true' });
    await host.hello;
    const before = new NaiveClient(`${url}&key=${podcast.listen_key}`);
    await before.hello;

    const { status, body } = await renew(relay, podcast.id);
    expect(status).toBe(200);
    const { listen_key: newKey } = body as Podcast;
    expect(newKey).toMatch(/^[0-9a-f]{32}$/);
    expect(newKey).not.toBe(podcast.listen_key);
    expect(await before.ending).toMatchObject({ code: 4001, disconnect: { code: 4001 } });
    expect((await new NaiveClient(`${url}&key=${podcast.listen_key}`).ending).code).toBe(4006);

    const after = new NaiveClient(`${url}&key=${newKey}`);
    await after.hello;
    host.sendFrame(Buffer.from('for those who still may'));
    await after.heard(1);
    expect(after.frames()).toEqual(['for those who still may']);
    expect(before.packets).toEqual([]);
    expect((await call(`${relay.url}/podcast?id=${podcast.id}&key=${newKey}`, 'GET')).body).toMatchObject({
      listeners: 1,
    });
  });

  test('is renewed by its host alone', async () => {
    const relay = await startTestRelay();
    const podcast = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const stranger = await relay.accounts.add({});
    await expectError(renew(relay, podcast.id, {}), 'missing_auth');
    await expectError(
      renew(relay, podcast.id, accountHeaders(2023, stranger.id, stranger.secret)),
      'unknown_podcast',
    );
  });
});

test('a podcast that is not private has no key to renew', async () => {
  const relay = await startTestRelay();
  const { id } = await makePodcast(relay.url, headersOf(relay));
  await expectError(renew(relay, id), 'not_private');
});
