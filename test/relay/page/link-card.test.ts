import { describe, expect, test } from 'vitest';
import { call } from '../../support/naive-client.ts';
import { announced, ended, visit } from '../../support/page-visits.ts';
import { expectError } from '../../support/rest-calls.ts';
import { startTestRelay, type TestRelay } from '../../support/test-relay.ts';

/** What a page says of itself to programs, by name. */
function metaOf(page: string): Map<string, string> {
  const tags = page.matchAll(/<meta\s+(?:name|property)="([^"]+)"\s+content="([^"]*)"/g);
  return new Map([...tags].map(([, name = '', content = '']) => [name, content]));
}

/** Asks about a link. */
function askOembed(relay: TestRelay, query: Record<string, string>): ReturnType<typeof call> {
  const url = new URL('oembed', relay.url);
  url.search = new URLSearchParams(query).toString();
  return call(url.href, 'GET', { accept: 'text/html' });
}

/** Where a page says its oEmbed is. */
function oembedIn(page: string): string {
  const [, href = ''] = /type="application\/json\+oembed"\s+href="([^"]+)"/.exec(page) ?? [];
  return href.replaceAll('&amp;', '&');
}

describe('the card of a link', () => {
  test('has what it is called, what it is about, where it is and how it sounds', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay, { title: 'Tea "& toast"', description: 'Every Friday' });
    const { text } = await visit(`${relay.url}/p/${id}`);
    const meta = metaOf(text);
    expect(meta.get('og:title')).toBe('Tea &quot;&amp; toast&quot;');
    expect(meta.get('og:description')).toBe('Every Friday');
    expect(meta.get('og:url')).toBe(`${relay.url}/p/${id}`);
    expect(meta.get('og:audio')).toBe(`${relay.url}/p/${id}/live.mp3`);
    expect(meta.get('og:site_name')).toBe('Guildcast');
    expect(meta.get('twitter:card')).toBe('summary');
    expect(meta.get('theme-color')).toMatch(/^#[0-9a-f]{6}$/);
    const image = await fetch(meta.get('og:image') ?? '');
    expect(image.headers.get('content-type')).toBe('image/png');
    expect((await image.arrayBuffer()).byteLength).toBeLessThan(30_000);
  });

  test('of what is live is the project’s own', async () => {
    const relay = await startTestRelay();
    const meta = metaOf((await visit(relay.url)).text);
    expect(meta.get('og:title')).toBe('Guildcast');
    expect(meta.get('og:url')).toBe(`${relay.url}/`);
  });

  test('is at the public address, path and all', async () => {
    const relay = await startTestRelay({ publicUrl: 'https://example.org/radio' });
    const { id } = await announced(relay);
    const { text } = await visit(`${relay.url}/p/${id}`);
    expect(metaOf(text).get('og:url')).toBe(`https://example.org/radio/p/${id}`);
    expect(metaOf(text).get('og:image')).toMatch(/^https:\/\/example\.org\/radio\/assets\/card-/);
    const oembed = new URL(oembedIn(text));
    expect(oembed.href.split('?')[0]).toBe('https://example.org/radio/oembed');
    const { body } = await call(`${relay.url}/oembed${oembed.search}`, 'GET');
    expect(body).toMatchObject({ title: `Podcast ${id}`, provider_url: 'https://example.org/radio/' });
  });
});

describe('oEmbed', () => {
  test('says what is behind a link, as the page points to it', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay, { title: 'Tea', guild: 'Knitting Circle' });
    const answer = await call(oembedIn((await visit(`${relay.url}/p/${id}`)).text), 'GET');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json+oembed; charset=utf-8');
    expect(answer.body).toEqual({
      version: '1.0',
      type: 'link',
      title: 'Tea',
      author_name: 'Knitting Circle',
      provider_name: 'Guildcast',
      provider_url: `${relay.url}/`,
      cache_age: 60,
      thumbnail_url: expect.stringMatching(/\/assets\/card-[A-Z0-9]{8}\.png$/),
      thumbnail_width: 600,
      thumbnail_height: 600,
    });
  });

  test('knows a private podcast only with its key, and keeps it to who asked', async () => {
    const relay = await startTestRelay();
    const about = { title: 'Secret', visibility: 'private' } as const;
    const { id, listen_key: key = '' } = await announced(relay, about);
    const asked = (link: string): ReturnType<typeof call> =>
      askOembed(relay, { url: `${relay.url}/p/${link}` });
    await expectError(asked(`${id}`), 'unknown_podcast');
    await expectError(asked(`${id}?key=00`), 'unknown_podcast');
    const { body, headers } = await asked(`${id}?key=${key}`);
    expect(body).toMatchObject({ title: 'Secret' });
    expect(JSON.stringify(body)).not.toContain(key);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(relay.logLines.join('\n')).not.toContain(key);
  });

  test('refuses what it has not', async () => {
    const relay = await startTestRelay();
    const podcast = await announced(relay);
    const ask = (query: Record<string, string>): ReturnType<typeof call> => askOembed(relay, query);
    const url = `${relay.url}/p/${podcast.id}`;
    await expectError(ask({ format: 'json' }), 'missing_parameter');
    await expectError(ask({ url, format: 'xml' }), 'unknown_format');
    await expectError(ask({ url: `${relay.url}/p/1` }), 'unknown_podcast');
    await expectError(ask({ url: `https://example.com/p/${podcast.id}` }), 'unknown_podcast');
    await expectError(ask({ url: 'not a link' }), 'unknown_podcast');
    expect((await call(`${relay.url}/oembed?url=${url}&url=${url}`, 'GET')).status).toBeLessThan(500);
    await ended(relay, podcast);
    await expectError(ask({ url }), 'podcast_ended');
  });
});
