import { describe, expect, test } from 'vitest';
import { accountHeaders, call } from '../support/naive-client.ts';
import { expectError, sendRaw } from '../support/rest-calls.ts';
import { startTestRelay } from '../support/test-relay.ts';

describe('every error is JSON of one shape', () => {
  test('for a path that is none and a method that a path does not take', async () => {
    const relay = await startTestRelay();
    await expectError(call(`${relay.url}/nothing?key=x`, 'GET'), 'unknown_path');
    const answer = call(`${relay.url}/list`, 'POST');
    await expectError(answer, 'method_not_allowed');
    expect((await answer).headers.get('allow')).toBe('GET, HEAD');
  });

  test('for a broken URL and for what is not HTTP at all', async () => {
    const relay = await startTestRelay();
    await expectError(call(`${relay.url}/%zz`, 'GET'), 'invalid_request');
    const answer = await sendRaw(relay.port, 'hello\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('{"error":"invalid_request"');
  });

  test('for a request that never ends', async () => {
    const relay = await startTestRelay({ limits: { HANDSHAKE_SECONDS: 0.1 } });
    const answer = await sendRaw(relay.port, 'GET /list HTTP/1.1\r\nHost: relay\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('{"error":"request_timeout"');
  });

  test('for a body that never ends: it does not keep its socket', async () => {
    const relay = await startTestRelay({ limits: { HANDSHAKE_SECONDS: 0.1 } });
    const head = 'POST /podcast HTTP/1.1\r\nHost: relay\r\nContent-Length: 100\r\n\r\n';
    const answer = await sendRaw(relay.port, `${head}{`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('{"error":"request_timeout"');
  });

  test('for an upgrade on a path that is none', async () => {
    const relay = await startTestRelay();
    const upgrade = 'Host: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    const answer = await sendRaw(relay.port, `GET /nothing?id=1 HTTP/1.1\r\n${upgrade}`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(answer).toMatch(/\r\nCache-Control: no-store\r\n/);
    expect(answer).toContain('{"error":"unknown_path"');
  });

  test('for an upgrade that is none of RFC 6455', async () => {
    const relay = await startTestRelay();
    const answer = await sendRaw(
      relay.port,
      'GET /?id=1 HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('{"error":"invalid_request"');
  });

  test('for a fault of our own, which is logged in full and told without a word of it', async () => {
    const accounts = { verify: () => Promise.reject(new Error('disk on fire')), remembers: () => false };
    const relay = await startTestRelay({ accounts });
    await expectError(
      call(`${relay.url}/podcast`, 'POST', accountHeaders(2023, '1', 'secret')),
      'internal',
      /the fault is ours/,
    );
    expect(relay.logLines.filter((line) => line.includes('disk on fire'))).toHaveLength(1);
  });

  test('for too many requests from one address; whoever watches over the relay is not counted', async () => {
    const relay = await startTestRelay({ limits: { REST_REQUESTS_PER_MINUTE: 2 } });
    await call(`${relay.url}/list`, 'GET');
    await expectError(call(`${relay.url}/nothing`, 'GET'), 'unknown_path');
    const answer = call(`${relay.url}/list`, 'GET');
    await expectError(answer, 'rate_limited');
    expect(Number((await answer).headers.get('retry-after'))).toBeGreaterThan(0);
    await expectError(call(`${relay.url}/nothing`, 'GET'), 'rate_limited');
    expect((await call(`${relay.url}/live`, 'GET')).status).toBe(200);
    expect((await call(`${relay.url}/ready`, 'GET')).status).toBe(200);
  });

  test('for too many requests of one account, which does not suffer for others at its address', async () => {
    const limits = { REST_REQUESTS_PER_MINUTE: 2, REST_REQUESTS_PER_ACCOUNT: 3 };
    const relay = await startTestRelay({ limits });
    const { id, secret } = relay.account;
    const proven = accountHeaders(2023, id, secret);
    const unproven = accountHeaders(2023, id, 'wrong');
    // The first of an account proves it, and counts for the address like any stranger's.
    expect((await call(`${relay.url}/podcast`, 'POST', proven)).status).toBe(200);
    await call(`${relay.url}/list`, 'GET');
    await expectError(call(`${relay.url}/list`, 'GET'), 'rate_limited');
    await expectError(call(`${relay.url}/list`, 'GET', unproven), 'rate_limited');
    for (let request = 0; request < 3; request += 1) {
      expect((await call(`${relay.url}/list`, 'GET', proven)).status).toBe(200);
    }
    await expectError(call(`${relay.url}/list`, 'GET', proven), 'rate_limited');
  });
});
