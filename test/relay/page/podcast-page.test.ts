import { describe, expect, test } from 'vitest';
import { aired, announced, ended, hostHeaders, type Visit, visit } from '../../support/page-visits.ts';
import { call, type Podcast } from '../../support/naive-client.ts';
import { connectRawListener } from '../../support/raw-listener.ts';
import { startTestRelay } from '../../support/test-relay.ts';

const MINUTE_MS = 60_000;

function timelessHeaders({ headers }: Visit): [string, string][] {
  return [...headers].filter(([name]) => name !== 'date');
}

describe('the page of a podcast', () => {
  test('has its title, its community and its description, since when it is on air, and who listens', async () => {
    const relay = await startTestRelay();
    const about = { title: 'Tea & <b>Toast</b>', guild: 'Knitting Circle', description: 'Every "Friday"' };
    const { podcast, host } = await aired(relay, about);
    relay.clock.advance(8000);
    const { status, headers, text } = await visit(`${relay.url}/p/${podcast.id}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toMatch(/^<!doctype html>/);
    expect(text).toContain('<title>Tea &amp; &lt;b&gt;Toast&lt;/b&gt; · Guildcast</title>');
    expect(text).toContain('<h1 id="title" dir="auto">Tea &amp; &lt;b&gt;Toast&lt;/b&gt;</h1>');
    expect(text).toContain('>Knitting Circle</p>');
    expect(text).toContain('>Every &quot;Friday&quot;</p>');
    expect(text).toContain('data-state="live"');
    expect(text).toContain('data-on-air="true"');
    expect(text).toContain('>0:08<');
    expect(text).toContain('>0 listeners<');
    host.socket.close();
  });

  test('is there before the podcast has begun, and while its host is away', async () => {
    const relay = await startTestRelay();
    const { podcast, host } = await aired(relay);
    const waiting = await announced(relay);
    const before = await visit(`${relay.url}/p/${waiting.id}`);
    expect(before.status).toBe(200);
    expect(before.text).toContain('data-state="created"');
    expect(before.text).toContain('data-since=""');
    expect(before.text).toContain(`Podcast ${waiting.id} · Guildcast`);

    host.socket.terminate();
    await relay.logged('podcast interrupted');
    const away = await visit(`${relay.url}/p/${podcast.id}`);
    expect(away.status).toBe(200);
    expect(away.text).toContain('data-state="interrupted"');
  });

  test('says of a podcast that is over what it was', async () => {
    const relay = await startTestRelay();
    const podcast = await announced(relay, { title: 'Tea' });
    await ended(relay, podcast);
    const { status, headers, text } = await visit(`${relay.url}/p/${podcast.id}`);
    expect(status).toBe(410);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('<title>Tea · Guildcast</title>');
    expect(text).toContain('data-state="ended"');
    expect(text).not.toContain('data-id');
    expect(text).not.toContain('<script');
  });

  test('has a player of the browser’s own, for who has no script or one that does not work', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay);
    const { text } = await visit(`${relay.url}/p/${id}`);
    expect(text).not.toContain('<noscript');
    expect(text).toMatch(new RegExp(`<audio controls preload="none" src="${id}/live.mp3">`));
  });

  test('asks for what needs TLS only where it is offered over TLS', async () => {
    for (const [publicUrl, opener] of [
      [undefined, null],
      ['https://example.org/', 'same-origin'],
    ] as const) {
      const relay = await startTestRelay({ ...(publicUrl !== undefined && { publicUrl }) });
      const { headers } = await visit(relay.url);
      expect(headers.get('cross-origin-opener-policy')).toBe(opener);
      expect(headers.has('origin-agent-cluster')).toBe(opener !== null);
    }
  });

  test('answers HEAD like GET, without the page', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay);
    const whole = await visit(`${relay.url}/p/${id}`);
    const head = await visit(`${relay.url}/p/${id}`, {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(head.text).toBe('');
    for (const name of ['content-length', 'content-type', 'etag', 'content-security-policy'])
      expect(head.headers.get(name), name).toBe(whole.headers.get(name));
    expect((await visit(`${relay.url}/p/1`, {}, 'HEAD')).status).toBe(404);
  });

  test('is not sent again to who has it, and is when anything in it has changed', async () => {
    const relay = await startTestRelay();
    const { podcast } = await aired(relay);
    const url = `${relay.url}/p/${podcast.id}`;
    const etag = (await visit(url)).headers.get('etag') ?? '';
    const again = await visit(url, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
    relay.clock.advance(MINUTE_MS);
    expect((await visit(url, { 'if-none-match': etag })).status).toBe(200);
    expect((await visit(url, { 'if-none-match': etag, 'accept-language': 'de' })).status).toBe(200);
  });
});

describe('a page speaks the language of its reader', () => {
  test.each([
    ['de-CH,de;q=0.9', 'de', 'Gerade ist nichts auf Sendung.', 'Nicht gefunden'],
    ['fr', 'fr', 'Rien n’est à l’antenne en ce moment.', 'Introuvable'],
    ['es', 'es', 'Ahora no hay nada en antena.', 'No encontrado'],
    ['ja', 'ja', '今は何も配信されていません。', '見つかりません'],
    ['tlh', 'en', 'Nothing is on air right now.', 'Not found'],
  ])('%s', async (accepted, language, nothing, unknown) => {
    const relay = await startTestRelay();
    const live = await visit(relay.url, { 'accept-language': accepted });
    expect(live.text).toContain(`<html lang="${language}">`);
    expect(live.text).toContain(nothing);
    expect(live.headers.get('vary')).toBe('Accept-Language');
    const fault = await visit(`${relay.url}/p/1`, { 'accept-language': accepted });
    expect(fault.text).toContain(`<html lang="${language}">`);
    expect(fault.text).toContain(`<h1>${unknown}</h1>`);
    expect(fault.headers.get('vary')).toBe('Accept, Accept-Language');
  });
});

describe('who may find and keep a page', () => {
  test('of a public podcast is everyone, who asks each time whether it has changed', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay);
    const { headers } = await visit(`${relay.url}/p/${id}`);
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('x-robots-tag')).toBeNull();
  });

  test('of an unlisted one is everyone but who searches', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay, { visibility: 'unlisted' });
    const { headers, text } = await visit(`${relay.url}/p/${id}`);
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(text).toContain('og:audio');
    expect((await visit(relay.url)).text).not.toContain(`p/${id}`);
  });

  test('of a private one is nobody; with its key it has the key where it plays, and nowhere else', async () => {
    const relay = await startTestRelay();
    const { id, listen_key: key = '' } = await announced(relay, { title: 'Secret', visibility: 'private' });
    const { status, headers, text } = await visit(`${relay.url}/p/${id}?key=${key}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow');
    expect(text).toContain(`data-key="${key}"`);
    expect(text).toContain(`href="${id}/live.mp3?key=${key}"`);
    const [head = ''] = text.split('</head>');
    expect(head).toContain('<title>Secret');
    expect(head).not.toContain(key);
    expect(head).not.toMatch(/canonical|og:url|og:audio|oembed/);
    expect(relay.logLines.join('\n')).not.toContain(key);
  });

  test('of a private one without its key looks in every way as if there were none', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay, { title: 'Secret', visibility: 'private' });
    const over = await announced(relay, { title: 'Secret', visibility: 'private' });
    await ended(relay, over);
    const none = id === 77 ? 78 : 77;
    const unknown = await visit(`${relay.url}/p/${none}`);
    for (const path of [`${id}`, `${id}?key=`, `${id}?key=00`, `${over.id}`]) {
      const answer = await visit(`${relay.url}/p/${path}`);
      expect(answer.status).toBe(404);
      expect(answer.text).toBe(unknown.text);
      expect(answer.text).not.toContain('Secret');
      expect(timelessHeaders(answer)).toEqual(timelessHeaders(unknown));
    }
  });
});

describe('what cannot be answered', () => {
  test('is told in words to who reads HTML, and as JSON to everyone else', async () => {
    const relay = await startTestRelay();
    for (const path of ['/p/1', '/p/1/nothing', '/p/none']) {
      const html = await visit(relay.url + path);
      expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(html.headers.get('cache-control')).toBe('private, no-store');
      expect(html.text).toContain('<h1>Not found</h1>');
      const json = await call(relay.url + path, 'GET', { accept: '*/*' });
      expect(json.status).toBe(html.status);
      expect(json.body).toEqual({ error: expect.any(String), message: expect.any(String) });
    }
  });

  test('to who guesses at links is slowed down, in words; to who has one it is not', async () => {
    const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 3 } });
    const { id } = await announced(relay);
    for (let listener = 0; listener < 10; listener += 1)
      expect((await visit(`${relay.url}/p/${id}`)).status).toBe(200);
    for (let guess = 1; guess <= 3; guess += 1)
      expect((await visit(`${relay.url}/p/${guess}`)).status).toBe(404);
    const { status, text } = await visit(`${relay.url}/p/4`);
    expect(status).toBe(429);
    expect(text).toContain('<h1>Too many requests</h1>');
    for (let reader = 0; reader < 5; reader += 1) expect((await visit(relay.url)).status).toBe(200);
  });

  test('while the relay stops is told as that, and not as a podcast that there is not', async () => {
    const relay = await startTestRelay();
    const { id } = await announced(relay);
    await connectRawListener(relay.port, id);
    const closed = relay.close();
    for (const path of ['/', `/p/${id}`]) {
      const { status, headers, text } = await visit(relay.url + path);
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('5');
      expect(text).toContain('<h1>Back in a moment</h1>');
    }
    await closed;
  });

  test('for a fault of our own is logged, without the key that was asked with', async () => {
    const relay = await startTestRelay();
    const { id, listen_key: key = '' } = await announced(relay, { visibility: 'private' });
    Object.defineProperty(relay.clock, 'nowMs', {
      value: () => {
        throw new Error('clock on fire');
      },
    });
    const { status, text } = await visit(`${relay.url}/p/${id}?key=${key}`);
    expect(status).toBe(500);
    expect(text).toContain('<h1>Something broke</h1>');
    expect(text).not.toContain('on fire');
    const lines = relay.logLines.join('\n');
    expect(lines).toContain('clock on fire');
    expect(lines).not.toContain(key);
  });
});

test('the address of its page that a podcast has in REST is where it is', async () => {
  const relay = await startTestRelay();
  const { id } = await announced(relay, { title: 'Tea' });
  const { body } = await call(`${relay.url}/podcast?id=${id}`, 'GET', hostHeaders(relay));
  const { page } = body as Podcast & { page: string };
  expect((await visit(page)).text).toContain('<title>Tea · Guildcast</title>');
});
