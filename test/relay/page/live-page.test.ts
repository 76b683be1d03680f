import { expect, test } from 'vitest';
import { liveMain } from '../../../src/relay/page/live-page.ts';
import { pageTextsFor } from '../../../src/texts/page-texts.ts';
import { NaiveClient } from '../../support/naive-client.ts';
import { aired, announced, hostHeaders, visit } from '../../support/page-visits.ts';
import { startTestRelay } from '../../support/test-relay.ts';

test('what is live is public and on air, the most heard first', async () => {
  const relay = await startTestRelay();
  await announced(relay, { title: 'Waiting' });
  await aired(relay, { title: 'Unlisted', visibility: 'unlisted' });
  await aired(relay, { title: 'Private', visibility: 'private' });
  const quiet = await aired(relay, { title: 'Quiet <i>show</i>' });
  const heard = await aired(relay, { title: 'Heard', guild: 'Knitting & Co' });
  await new NaiveClient(`${relay.socketUrl}/?id=${heard.podcast.id}`).hello;

  const { status, text } = await visit(relay.url);
  expect(status).toBe(200);
  expect(text).not.toMatch(/Waiting|Unlisted|Private/);
  expect(text).toContain('Quiet &lt;i&gt;show&lt;/i&gt;');
  expect(text).toContain('Knitting &amp; Co');
  expect(text).toContain('1 listener<');
  expect(text.indexOf(`href="p/${heard.podcast.id}"`)).toBeGreaterThan(0);
  expect(text.indexOf(`href="p/${quiet.podcast.id}"`)).toBeGreaterThan(
    text.indexOf(`href="p/${heard.podcast.id}"`),
  );
});

test('no more than a hundred podcasts are listed, and those are the most heard', () => {
  const podcasts = Array.from({ length: 300 }, (_, index) => ({
    id: index + 1,
    title: '',
    guild: '',
    description: '',
    state: 'live' as const,
    sinceMs: 0,
    listeners: index,
    listenKey: undefined,
  }));
  const page = liveMain(podcasts, pageTextsFor('en'), 1000).toString();
  const listed = [...page.matchAll(/href="p\/(\d+)"/g)].map(([, id]) => Number(id));
  expect(listed).toEqual(Array.from({ length: 100 }, (_, index) => 300 - index));
});

test('a list of what is live is not sent again while nothing has changed', async () => {
  const relay = await startTestRelay();
  const empty = await visit(relay.url);
  expect(empty.text).toContain('Nothing is on air right now.');
  const etag = empty.headers.get('etag') ?? '';
  expect((await visit(relay.url, { 'if-none-match': etag })).status).toBe(304);
  await aired(relay, { title: 'Tea' });
  relay.clock.advance(1000);
  expect((await visit(relay.url, { 'if-none-match': etag })).status).toBe(200);
});

test('a list of what is live is written once a second, however many ask for it, in each language', async () => {
  const relay = await startTestRelay();
  expect((await visit(relay.url)).text).toContain('Nothing is on air right now.');
  await aired(relay, { title: 'Tea' });
  const hasTea = async (headers = {}): Promise<boolean> =>
    (await visit(relay.url, headers)).text.includes('Tea');
  expect(await hasTea()).toBe(false);
  expect(await hasTea({ 'accept-language': 'de' })).toBe(true);
  relay.clock.advance(999);
  expect(await hasTea()).toBe(false);
  relay.clock.advance(1);
  expect(await hasTea()).toBe(true);
});

test('a WebSocket at the same address still listens', async () => {
  const relay = await startTestRelay();
  const { podcast } = await aired(relay);
  const listener = new NaiveClient(`${relay.socketUrl}/?id=${podcast.id}`, { accept: 'text/html' });
  expect((await listener.hello).secretKey).toHaveLength(32);
  expect((await fetch(relay.url, { method: 'POST', headers: hostHeaders(relay) })).status).toBe(405);
});
