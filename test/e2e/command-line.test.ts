import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hostPodcast } from '../../src/client/podcast-host.ts';
import { openAccounts } from '../../src/open-accounts.ts';
import { startChild } from '../support/child.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { startTestRelay } from '../support/test-relay.ts';

async function guildcast(args: string[], env = {}): Promise<{ status: number | null; output: string }> {
  const child = startChild(['bin/guildcast.js', ...args], env);
  const status = await child.exited;
  return { status, output: child.output() };
}

describe('guildcast account', () => {
  test('adds, lists and removes; the secret is shown once and is right', async () => {
    const DATA_DIR = mkdtempSync(join(tmpdir(), 'guildcast-'));
    const added = await guildcast(['account', 'add', 'the radio club'], { DATA_DIR });
    const [, id] = /client_id: +(\d+)/.exec(added.output)!;
    const [, secret] = /client_secret: +(\S+)/.exec(added.output)!;
    const accounts = openAccounts(DATA_DIR);
    expect(await accounts.verify(id!, secret!)).toBe(true);
    accounts.close();

    const listed = await guildcast(['account', 'list'], { DATA_DIR });
    expect(listed.output).toMatch(new RegExp(`^${id} .*the radio club\n$`));
    expect(listed.output).not.toContain(secret);

    expect(await guildcast(['account', 'remove', id!], { DATA_DIR })).toEqual({
      status: 0,
      output: `Account ${id} is removed.\n`,
    });
    expect((await guildcast(['account', 'list'], { DATA_DIR })).output).toContain(
      'There are no accounts yet',
    );
  });
});

describe('guildcast listen', () => {
  test('says so when there is no such podcast', async () => {
    const relay = await startTestRelay();
    const { status, output } = await guildcast(['listen', '12345'], { PORT: String(relay.port) });
    expect({ status, output }).toEqual({ status: 1, output: 'There is no podcast of that id.\n' });
  });
});

test('guildcast listen --udp hears over UDP', async () => {
  const relay = await startTestRelay();
  const host = await hostPodcast({ relay: relay.url, account: relay.account });
  const args = ['bin/guildcast.js', 'listen', String(host.podcast.id), '--udp', '--seconds', '1'];
  const child = startChild(args, { PORT: String(relay.port) });
  await child.prints(/Listening to podcast \d+ over UDP/);
  const silence = Buffer.of(0xf8, 0xff, 0xfe);
  for (const sequence of [1, 2, 3])
    host.send({ opus: silence, sequence, timestamp: sequence * 960, ssrc: 7 });
  expect(await child.exited).toBe(0);
  await host.close();
  expect(child.output()).toContain('Speaker 1: 3 frames, 0 lost');
});

test('guildcast listen --programme records all speakers into one file', async () => {
  const relay = await startTestRelay();
  const host = await hostPodcast({ relay: relay.url, account: relay.account });
  const out = mkdtempSync(join(tmpdir(), 'guildcast-'));
  const args = ['listen', String(host.podcast.id), '--programme', '--seconds', '2', '--out', out];
  const child = startChild(['bin/guildcast.js', ...args], { PORT: String(relay.port) });
  await child.prints(/Listening to podcast \d+\./);
  expect(await child.exited).toBe(0);
  await host.close();
  expect(child.output()).toMatch(/^Programme: \d+ frames, 0 lost → .*programme\.opus$/m);
  expect(readdirSync(out)).toEqual(['programme.opus']);
});

describe('guildcast conformance', () => {
  test('prints each demand and counts them; only when all are kept its status is 0', async () => {
    const relay = await startTestRelay({ clock: new ManualClock(Date.now()) });
    const other = await relay.accounts.add({});
    const account = ['--id', relay.account.id, '--secret', relay.account.secret];
    const stranger = ['--stranger', `${other.id}:${other.secret}`];
    const all = await guildcast(['conformance', relay.url, ...account, ...stranger]);
    expect(all.output).toMatch(/^2 REST +POST \/podcast answers 200\. +ok$/m);
    expect(all.output).toMatch(/\n\d+ kept, 0 broken, 0 not tried\n$/);
    expect(all.status).toBe(0);
  });

  test('says what it would take to try the rest', async () => {
    const relay = await startTestRelay({ clock: new ManualClock(Date.now()) });
    const account = ['--id', relay.account.id, '--secret', relay.account.secret];
    const { status, output } = await guildcast(['conformance', `${relay.url}/`, ...account]);
    expect(output).toMatch(/not tried: it takes a second account: --stranger ID:SECRET\n/);
    expect(output).toMatch(/ 0 broken, 2 not tried\n$/);
    expect(status).toBe(1);
  });

  test('says so when nothing answers', async () => {
    const relay = await startTestRelay();
    await relay.close();
    const { status, output } = await guildcast(['conformance', relay.url, '--id', '1', '--secret', 'x']);
    expect({ status, output }).toEqual({ status: 1, output: `Nothing answers at ${relay.url}.\n` });
  });
});

describe('what makes no sense', () => {
  test.each([
    { args: ['dance'], says: 'There is no command "dance".' },
    { args: ['listen'], says: 'Say which podcast' },
    { args: ['listen', 'here'], says: '"here" is neither a podcast' },
    { args: ['listen', '1', '--seconds', 'ten'], says: '--seconds takes a number above 0' },
    { args: ['listen', '1', '--loud'], says: "Unknown option '--loud'" },
    { args: ['conformance', 'here'], says: 'Say which relay' },
    { args: ['conformance', 'http://here'], says: '--id and --secret' },
    { args: ['account', 'steal'], says: 'An account can be added, removed or listed' },
    { args: ['account', 'remove'], says: 'Say which account to remove' },
  ])('$args is answered with a sentence and the usage', async ({ args, says }) => {
    const { status, output } = await guildcast(args);
    expect(status).toBe(2);
    expect(output).toContain(says);
    expect(output).toContain('Usage:');
  });

  test('help is help', async () => {
    const { status, output } = await guildcast(['--help']);
    expect(status).toBe(0);
    expect(output).toContain('guildcast listen URL-or-id');
  });
});
