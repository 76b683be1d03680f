import { expect, test } from 'vitest';
import { makeLog } from '../src/log.ts';

test.each(['json', 'pretty'] as const)('no secret stands in a line (%s)', async (logFormat) => {
  let lines = '';
  const log = makeLog({ logLevel: 'info', logFormat }, (text) => (lines += text));
  // As discord.js makes it: the whole request hangs on the error.
  const err = Object.assign(new Error('Unknown interaction'), {
    code: 10_062,
    url: 'https://discord.com/api/v10/webhooks/1/INTERACTIONTOKEN/messages/@original',
    requestBody: { json: { content: 'ws://relay/?id=1&key=LISTENKEY' } },
  });
  log.error({ err }, 'a command failed');
  log.info({ account: { id: '1', secret: 'ACCOUNTSECRET' }, token: 'BOTTOKEN' }, 'careless');
  while (!lines.includes('careless')) await new Promise(setImmediate);
  expect(lines).toContain('Unknown interaction');
  expect(lines).toContain('10062');
  expect(lines).not.toMatch(/INTERACTIONTOKEN|LISTENKEY|ACCOUNTSECRET|BOTTOKEN/);
});
