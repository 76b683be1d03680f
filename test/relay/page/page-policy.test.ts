import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../src/relay/page/page-policy.ts';
import { announced, visit } from '../../support/page-visits.ts';
import { startTestRelay } from '../../support/test-relay.ts';

test('a page loads what is its relay’s, and nothing else, and nobody frames it', async () => {
  const relay = await startTestRelay({ publicUrl: 'https://example.org/radio' });
  const { id } = await announced(relay);
  const at = `127.0.0.1:${relay.port}`;
  for (const path of ['/', `/p/${id}`, '/p/1']) {
    const { headers } = await visit(relay.url + path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self'; " +
        `connect-src 'self' ws://${at} wss://${at} ws://example.org wss://example.org; media-src 'self' blob:; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBeNull();
  }
});

describe('a host that asks for a page', () => {
  test.each([
    ['localhost', true],
    ['10.0.0.5:3000', true],
    ['[::1]:3000', true],
    ['xn--bcher-kva.example', true],
    ["evil.example 'unsafe-inline'", false],
    ['a; script-src *', false],
    ['a,b', false],
    ['*', false],
    ['', false],
  ])('as "%s" is named in its policy: %s', (host, isNamed) => {
    expect(contentSecurityPolicy([host]).includes(`ws://${host} `)).toBe(isNamed);
    expect(contentSecurityPolicy([host]).split('; ')).toHaveLength(10);
  });

  test('cannot put anything of its own into the answer', async () => {
    const relay = await startTestRelay();
    const policy = await new Promise<string>((resolve, reject) => {
      request({ port: relay.port, headers: { host: '*; script-src *' } }, (answer) => {
        answer.resume();
        resolve(String(answer.headers['content-security-policy']));
      })
        .on('error', reject)
        .end();
    });
    expect(policy).toContain("connect-src 'self'; media-src");
  });
});
