import { get } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PageAssets, readPageAssets } from '../../../src/relay/page/page-assets.ts';
import { german } from '../../../src/texts/de.ts';
import { english } from '../../../src/texts/en.ts';
import { spanish } from '../../../src/texts/es.ts';
import { french } from '../../../src/texts/fr.ts';
import { japanese } from '../../../src/texts/ja.ts';
import { call } from '../../support/naive-client.ts';
import { announced, visit } from '../../support/page-visits.ts';
import { expectError } from '../../support/rest-calls.ts';
import { startTestRelay } from '../../support/test-relay.ts';

function built(): PageAssets {
  const assets = readPageAssets();
  if (!assets) throw new Error('The page is not built: npm run prepare');
  return assets;
}

/** The bytes as they come over the wire: fetch would decompress them. */
function raw(url: string, encoding: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': encoding } }, (answer) => {
      const { 'content-encoding': its } = answer.headers;
      buffer(answer).then((body) => resolve({ encoding: its, body }), reject);
    }).on('error', reject);
  });
}

describe('the files of the page', () => {
  test('are kept for ever, are what they are called, and may do what the page may', async () => {
    const relay = await startTestRelay();
    const types = {
      'page.js': 'application/javascript; charset=utf-8',
      'receiver.js': 'application/javascript; charset=utf-8',
      'player.js': 'application/javascript; charset=utf-8',
      'page.css': 'text/css; charset=utf-8',
      'icon.svg': 'image/svg+xml',
      'card.png': 'image/png',
    } as const;
    const policy = (await visit(relay.url)).headers.get('content-security-policy');
    for (const [entry, type] of Object.entries(types)) {
      const file = built().fileOf[entry as keyof typeof types];
      const answer = await fetch(`${relay.url}/assets/${file}`);
      expect(answer.status, entry).toBe(200);
      expect(answer.headers.get('content-type')).toBe(type);
      expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('content-security-policy')).toBe(policy);
      await answer.arrayBuffer();
    }
  });

  test('come compressed to who takes that, and are the same', async () => {
    const relay = await startTestRelay();
    const url = `${relay.url}/assets/${built().fileOf['page.js']}`;
    const plain = await raw(url, 'identity');
    expect(plain.encoding).toBeUndefined();
    const brotli = await raw(url, 'gzip, deflate, br');
    expect(brotli.encoding).toBe('br');
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    const gzip = await raw(url, 'gzip');
    expect(gzip.encoding).toBe('gzip');
    expect(gunzipSync(gzip.body)).toEqual(plain.body);
  });

  test('are all that can be had from there', async () => {
    const relay = await startTestRelay();
    for (const path of ['', 'assets.json', '..%2fassets.json', '%2e%2e%2f%2e%2e%2fpackage.json', 'page.js'])
      expect((await fetch(`${relay.url}/assets/${path}`)).status, path).toBe(404);
    expect((await fetch(`${relay.url}/assets/${built().fileOf['page.js']}.br`)).status).toBe(404);
  });

  test('are not counted against anybody', async () => {
    const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 1 } });
    for (let request = 0; request < 5; request += 1)
      expect((await fetch(`${relay.url}/assets/${built().fileOf['page.css']}`)).status).toBe(200);
  });
});

test('the page is given its own words, in every language, and not those of the bot', async () => {
  const relay = await startTestRelay();
  const script = await (await fetch(`${relay.url}/assets/${built().fileOf['page.js']}`)).text();
  for (const { page, onAir } of [english, german, french, spanish, japanese]) {
    expect(script.includes(page.messages.ended), page.language).toBe(true);
    expect(script.includes(onAir.panel.optOut), page.language).toBe(false);
  }
});

test('the scripts of the page are small enough for a phone on the road', async () => {
  const relay = await startTestRelay();
  const bytes = async (entry: 'page.js' | 'live.js' | 'player.js' | 'receiver.js'): Promise<number> =>
    (await raw(`${relay.url}/assets/${built().fileOf[entry]}`, 'br')).body.length;
  expect(await bytes('live.js')).toBeLessThan(1000);
  expect(await bytes('page.js')).toBeLessThan(20_000);
  expect(await bytes('player.js')).toBeLessThan(12_000);
  // Nearly all of it is libsodium.
  expect(await bytes('receiver.js')).toBeLessThan(150_000);
});

test('a relay whose page is not built starts, says so once, and tells people what to do', async () => {
  const builtPage = mkdtempSync(join(tmpdir(), 'guildcast-'));
  onTestFinished(() => rmSync(builtPage, { recursive: true }));
  const relay = await startTestRelay({ builtPage });
  const { id } = await announced(relay);
  for (const path of ['/', `/p/${id}`]) {
    const { status, headers, text } = await visit(relay.url + path);
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toContain('npm run prepare');
    expect(text).not.toMatch(/<script|<link/);
    await expectError(call(relay.url + path, 'GET'), 'not_ready', /npm run prepare/);
  }
  expect((await visit(`${relay.url}/p/1`)).status).toBe(404);
  expect(relay.logLines.filter((line) => line.includes('npm run prepare'))).toHaveLength(1);
});
