import { expect, test } from 'vitest';
import { NoiseLog } from '../../src/relay/noise-log.ts';
import { accountHeaders, call, makePodcast, NaiveClient } from '../support/naive-client.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startTestRelay } from '../support/test-relay.ts';

test('a podcast is told in five lines, and no secret, key or token is in any line', async () => {
  const relay = await startTestRelay();
  const { id: account, secret } = relay.account;
  const headers = accountHeaders(2023, account, secret);
  const podcast = await makePodcast(relay.url, headers, { visibility: 'private' });
  const key = String(podcast.listen_key);
  const hostHeaders = { ...headers, isSender: 'true' };
  const host = new NaiveClient(`${podcast.url}&events=all`, hostHeaders);
  const listener = new NaiveClient(`${podcast.url}&key=${key}`);
  const [hello] = await Promise.all([host.hello, listener.hello]);
  const token = String(hello.resume_token);
  host.sendFrame(Buffer.from('frame'));
  await listener.heard(1);
  host.socket.terminate();
  await relay.logged('podcast interrupted');

  // What goes wrong is logged as well, and must not quote what it was about.
  await new NaiveClient(`${podcast.url}&key=${key}x`).ending;
  await new NaiveClient(`${podcast.url}&resume=${token}x`).ending;
  await new NaiveClient(podcast.url, { ...hostHeaders, client_secret: `${secret}x` }).ending;
  await call(`${relay.url}/podcast?id=${podcast.id}&key=${key}`, 'PUT');
  await call(`${relay.url}/podcast?id=${podcast.id}`, 'GET', { ...headers, client_secret: `${secret}x` });

  const again = new NaiveClient(`${podcast.url}&resume=${token}`);
  await again.hello;
  again.socket.close(1000);
  expect((await listener.ending).code).toBe(4003);
  await relay.close();

  const lines = relay.logLines.map((line) => JSON.parse(line));
  expect(lines.filter((line) => 'podcast' in line).map(({ msg }) => msg)).toEqual([
    'podcast created',
    'podcast on air',
    'podcast interrupted',
    'podcast resumed',
    'podcast ended',
  ]);
  expect(lines.slice(0, 2)).toEqual([
    expect.objectContaining({ msg: expect.stringMatching(/^UDP sends with/) }),
    expect.objectContaining({ msg: 'relay listening', url: relay.url }),
  ]);
  const ended = lines.find(({ msg }) => msg === 'podcast ended');
  expect(ended).toMatchObject({
    packets: 1,
    bytes: 1 + 24 + 16 + 5,
    listenersPeak: 1,
    drops: 0,
    close: 4003,
  });
  const secretKey = Buffer.from(Uint8Array.from(hello.secretKey));
  const written = relay.logLines.join('');
  for (const hidden of [
    secret,
    key,
    token,
    secretKey.toString('base64'),
    secretKey.toString('hex'),
    '?id=',
  ]) {
    expect(written).not.toContain(hidden);
  }
});

test('strangers make one line a second, with the number of those left out', async () => {
  const relay = await startTestRelay();
  const knock = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) await new NaiveClient(`${relay.socketUrl}/?id=5`).ending;
  };
  await knock(10);
  relay.clock.advance(1000);
  await knock(10);
  const lines = relay.logLines.map((line) => JSON.parse(line)).filter(({ code }) => code === 4006);
  expect(lines).toMatchObject([{ address: '127.0.0.1' }, { address: '127.0.0.1', leftOut: 9 }]);
  expect(relay.count('close-4006')).toBe(20);
});

test('a log of noise says everything while there is no noise', () => {
  const lines: unknown[] = [];
  const clock = new ManualClock();
  const noise = new NoiseLog({ warn: (fields: unknown) => void lines.push(fields) }, clock);
  noise.warn({ code: 1 }, 'one');
  clock.advance(1000);
  noise.warn({ code: 2 }, 'two');
  expect(lines).toEqual([{ code: 1 }, { code: 2 }]);
});
