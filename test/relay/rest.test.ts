import { describe, expect, test } from 'vitest';
import type { RestErrorCode } from '../../src/protocol/rest.ts';
import { accountHeaders, call, makePodcast, NaiveClient, type Podcast } from '../support/naive-client.ts';
import { expectError, sendRaw } from '../support/rest-calls.ts';
import { startTestRelay, type TestRelay } from '../support/test-relay.ts';

function headersOf({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

describe('POST /podcast', () => {
  test.each([2022, 2023] as const)(
    'makes a podcast for an account of %i, without a body',
    async (generation) => {
      const relay = await startTestRelay();
      const headers = accountHeaders(generation, relay.account.id, relay.account.secret);
      const { status, body } = await call(`${relay.url}/podcast`, 'POST', headers);
      expect(status).toBe(200);
      const { id } = body as Podcast;
      expect(body).toEqual({
        id: expect.any(Number),
        host: relay.account.id,
        ip: '127.0.0.1',
        port: relay.port,
        active_since: null,
        activeSince: null,
        title: '',
        description: '',
        guild: '',
        visibility: 'public',
        url: `ws://127.0.0.1:${relay.port}/?id=${id}`,
        page: `http://127.0.0.1:${relay.port}/p/${id}`,
        listeners: 0,
        listeners_by: { websocket: 0, udp: 0, guilds: 0, page: 0, radio: 0, hls: 0 },
      });
    },
  );

  test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'takes an empty body under the name of %s',
    async (type) => {
      const relay = await startTestRelay();
      const headers = { ...headersOf(relay), 'content-type': type };
      const { status } = await fetch(`${relay.url}/podcast`, { method: 'POST', headers, body: '' });
      expect(status).toBe(200);
    },
  );

  test('takes title, description, guild and visibility, and passes over what it does not know', async () => {
    const relay = await startTestRelay();
    const about = {
      title: 'Ü'.repeat(100),
      description: 'd'.repeat(2000),
      guild: 'g'.repeat(100),
      visibility: 'unlisted',
    };
    const podcast = await makePodcast(relay.url, headersOf(relay), { ...about, colour: 'red' });
    expect(podcast).toMatchObject(about);
    expect(podcast).not.toHaveProperty('colour');
    expect(podcast).not.toHaveProperty('listen_key');
  });

  test.each<[unknown, RegExp]>([
    [{ title: 5 }, /title must be string/],
    [{ title: 'x'.repeat(101) }, /title must NOT have more than 100 characters/],
    [{ description: 'x'.repeat(2001) }, /description must NOT have more than 2000 characters/],
    [{ guild: 'x'.repeat(101) }, /guild must NOT have more than 100 characters/],
    [{ visibility: 'secret' }, /visibility must be/],
    [[], /body must be object/],
  ])('refuses %j', async (body, sentence) => {
    const relay = await startTestRelay();
    await expectError(call(`${relay.url}/podcast`, 'POST', headersOf(relay), body), 'invalid_body', sentence);
  });

  test('refuses broken JSON and too large a body', async () => {
    const relay = await startTestRelay({ limits: { REQUEST_BODY_BYTES: 1024 } });
    const post = async (body: string): Promise<{ status: number; body: unknown; headers: Headers }> => {
      const answer = await fetch(`${relay.url}/podcast`, { method: 'POST', headers: headersOf(relay), body });
      return { status: answer.status, body: await answer.json(), headers: answer.headers };
    };
    await expectError(post('{"title":'), 'invalid_body', /not JSON/);
    await expectError(post(JSON.stringify({ title: 'x'.repeat(1024) })), 'body_too_large');
  });

  test('refuses missing and wrong credentials', async () => {
    const relay = await startTestRelay();
    const post = (headers: Record<string, string>): ReturnType<typeof call> => {
      return call(`${relay.url}/podcast`, 'POST', headers);
    };
    await expectError(post({}), 'missing_auth');
    await expectError(post({ client_id: relay.account.id }), 'missing_auth');
    await expectError(post({ client_id: relay.account.id, client_secret: '' }), 'missing_auth');
    await expectError(post(accountHeaders(2023, relay.account.id, 'wrong')), 'invalid_auth');
    await expectError(post(accountHeaders(2022, '1', relay.account.secret)), 'invalid_auth');
    expect(relay.count('rest-missing_auth')).toBe(3);
  });

  test('refuses one podcast more than an account, or than the relay, may have', async () => {
    const relay = await startTestRelay({ limits: { PODCASTS_PER_ACCOUNT: 1, PODCASTS_PER_RELAY: 2 } });
    const [second, third] = [await relay.accounts.add({}), await relay.accounts.add({})];
    const first = await makePodcast(relay.url, headersOf(relay));
    await expectError(
      call(`${relay.url}/podcast`, 'POST', headersOf(relay)),
      'capacity',
      /account has 1 podcast/,
    );
    await makePodcast(relay.url, accountHeaders(2023, second.id, second.secret));
    const thirdHeaders = accountHeaders(2023, third.id, third.secret);
    await expectError(call(`${relay.url}/podcast`, 'POST', thirdHeaders), 'capacity', /relay has 2 podcasts/);
    await call(`${relay.url}/podcast?id=${first.id}`, 'DELETE', headersOf(relay));
    expect((await call(`${relay.url}/podcast`, 'POST', thirdHeaders)).status).toBe(200);
  });
});

describe('GET /podcast', () => {
  test.each<[string, RestErrorCode]>([
    ['', 'missing_parameter'],
    ['?id=', 'missing_parameter'],
    ['?id=0', 'invalid_id'],
    ['?id=-1', 'invalid_id'],
    ['?id=1e3', 'invalid_id'],
    ['?id=2147483648', 'invalid_id'],
    ['?id=2147483647', 'unknown_podcast'],
    ['?id=1&id=2', 'invalid_request'],
  ])('answers "%s" with %s', async (query, code) => {
    const relay = await startTestRelay();
    await expectError(call(`${relay.url}/podcast${query}`, 'GET'), code);
  });

  test('shows the listen key of a private podcast to its host alone', async () => {
    const relay = await startTestRelay();
    const { id, listen_key: key } = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const url = `${relay.url}/podcast?id=${id}`;
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect((await call(url, 'GET', headersOf(relay))).body).toMatchObject({ id, listen_key: key });
    const toListener = await call(`${url}&key=${key}`, 'GET');
    expect(toListener.body).toMatchObject({ id });
    expect(toListener.body).not.toHaveProperty('listen_key');
    expect((await call(url, 'GET', { listen_key: String(key) })).status).toBe(200);
  });

  test('knows no private podcast for who has neither key nor account, and says when a secret is wrong', async () => {
    const relay = await startTestRelay();
    const other = await relay.accounts.add({});
    const { id } = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const url = `${relay.url}/podcast?id=${id}`;
    await expectError(call(url, 'GET'), 'unknown_podcast');
    await expectError(call(`${url}&key=wrong`, 'GET'), 'unknown_podcast');
    await expectError(call(url, 'GET', accountHeaders(2023, other.id, other.secret)), 'unknown_podcast');
    await expectError(call(url, 'GET', accountHeaders(2023, relay.account.id, 'wrong')), 'invalid_auth');
  });
});

describe('GET /list', () => {
  test('has the public podcasts and no others', async () => {
    const relay = await startTestRelay();
    const made = [];
    for (const visibility of ['public', 'unlisted', 'private', 'public']) {
      made.push(await makePodcast(relay.url, headersOf(relay), { visibility }));
    }
    const { body } = await call(`${relay.url}/list`, 'GET');
    expect(body).toEqual({ podcasts: [made[0], made[3]] });
  });
});

describe('DELETE /podcast', () => {
  test('is for the host alone', async () => {
    const relay = await startTestRelay();
    const other = await relay.accounts.add({});
    const otherHeaders = accountHeaders(2023, other.id, other.secret);
    const open = await makePodcast(relay.url, headersOf(relay));
    const hidden = await makePodcast(relay.url, headersOf(relay), { visibility: 'private' });
    const remove = (id: number | string, headers = {}): ReturnType<typeof call> => {
      return call(`${relay.url}/podcast?id=${id}`, 'DELETE', headers);
    };
    await expectError(remove(open.id), 'missing_auth');
    await expectError(remove(open.id, otherHeaders), 'not_host');
    await expectError(remove(hidden.id, otherHeaders), 'unknown_podcast');
    await expectError(remove('x', headersOf(relay)), 'invalid_id');
    expect(await remove(open.id, headersOf(relay))).toMatchObject({ status: 204, body: '' });
    await expectError(remove(open.id, headersOf(relay)), 'unknown_podcast');
  });
});

describe('where a relay says it is', () => {
  test.each([
    ['https://cast.example.org', 443, 'wss://cast.example.org/?id='],
    ['http://cast.example.org:8080/', 8080, 'ws://cast.example.org:8080/?id='],
    ['https://example.org/cast', 443, 'wss://example.org/cast/?id='],
  ])('behind a proxy at %s', async (publicUrl, port, urlStart) => {
    const relay = await startTestRelay({ publicUrl, publicIp: '192.0.2.7' });
    const podcast = await makePodcast(relay.url, headersOf(relay));
    expect(podcast).toMatchObject({ ip: '192.0.2.7', port, url: `${urlStart}${podcast.id}` });
  });

  test.each(['cast.example.org', 'ftp://cast.example.org', ''])(
    'never at "%s", which is no URL',
    async (publicUrl) => {
      await expect(startTestRelay({ publicUrl })).rejects.toThrow(`PUBLIC_URL is "${publicUrl}"`);
    },
  );

  test('on IPv6', async () => {
    const relay = await startTestRelay({ host: '::1' });
    const podcast = await makePodcast(relay.url, headersOf(relay));
    expect(podcast).toMatchObject({ ip: '::1', url: `ws://[::1]:${relay.port}/?id=${podcast.id}` });
    expect((await new NaiveClient(podcast.url).hello).secretKey).toHaveLength(32);
  });

  test('GET /ip tells a caller its own address', async () => {
    const relay = await startTestRelay({ trustProxy: '127.0.0.1' });
    expect((await call(`${relay.url}/ip`, 'GET')).body).toBe('127.0.0.1');
    const forwarded = await call(`${relay.url}/ip`, 'GET', { 'x-forwarded-for': '203.0.113.9' });
    expect(forwarded.body).toBe('203.0.113.9');
    expect(forwarded.headers.get('content-type')).toContain('text/plain');
  });
});

test('a page of another origin may call, and sees answers and errors alike', async () => {
  const relay = await startTestRelay();
  const origin = { origin: 'https://player.example.org' };
  const answers = [
    await call(`${relay.url}/list`, 'GET', origin),
    await call(`${relay.url}/nothing`, 'GET', origin),
    await call(`${relay.url}/podcast`, 'POST', origin),
  ];
  for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBe('*');
  const preflight = { ...origin, 'access-control-request-method': 'DELETE' };
  const { headers } = await call(`${relay.url}/podcast`, 'OPTIONS', preflight);
  expect(headers.get('access-control-allow-methods')).toContain('DELETE');
});

test('a client that offers HTTP/2 by an upgrade, as Java does, is answered in HTTP/1.1', async () => {
  const relay = await startTestRelay();
  const offer = 'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n';
  const answer = await sendRaw(relay.port, `GET /list HTTP/1.1\r\nHost: relay\r\n${offer}\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain('{"podcasts":[]}');
});

test('a relay is ready when its owner says so', async () => {
  let isReady = false;
  const relay = await startTestRelay({ isReady: () => isReady });
  await expectError(call(`${relay.url}/ready`, 'GET'), 'not_ready');
  isReady = true;
  expect((await call(`${relay.url}/ready`, 'GET')).status).toBe(200);
});
