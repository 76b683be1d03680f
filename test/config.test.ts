import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('without any setting everything has its default', () => {
  expect(readConfig({})).toMatchObject({
    discordToken: undefined,
    host: '0.0.0.0',
    port: 8080,
    udpPort: 8080,
    dataDir: './data',
    logFormat: 'pretty',
    senderTimeoutSeconds: 60,
    resumeSeconds: 30,
    emptyChannelMs: 300_000,
    trustProxy: false,
    limits: { LISTENERS_PER_PODCAST: 5000 },
  });
});

test('an empty value is no value', () => {
  expect(readConfig({ PORT: '', DISCORD_TOKEN: '' })).toMatchObject({ port: 8080, discordToken: undefined });
});

test('the environment goes before the .env file', () => {
  const config = readConfig({ PORT: '9000' }, 'PORT=9001\nUDP_PORT=9002\n');
  expect(config).toMatchObject({ port: 9000, udpPort: 9002 });
  // A compose file sets what its own environment lacks to nothing.
  expect(readConfig({ DISCORD_TOKEN: '' }, 'DISCORD_TOKEN=abc').discordToken).toBe('abc');
});

test('every problem is reported at once, in words, with the value', () => {
  expect(
    problemsOf({
      PORT: 'eighty',
      UDP_PORT: '70000',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
      PUBLIC_URL: 'radio.example.org',
      SENDER_TIMEOUT_SECONDS: '0',
      EMPTY_CHANNEL_MINUTES: '100000',
      LISTENERS_PER_PODCAST: '1.5',
      DISCORD_TOKEN_FILE: '/no/such/file',
    }),
  ).toEqual([
    'PORT is "eighty": it takes a whole number.',
    'UDP_PORT is "70000": 65535 is the most.',
    'PUBLIC_URL is "radio.example.org": it takes an address that starts with https:// or http://.',
    'LOG_LEVEL is "loud": it takes fatal, error, warn, info, debug, trace, silent.',
    'LOG_FORMAT is "xml": it takes pretty, json.',
    'SENDER_TIMEOUT_SECONDS is "0": 1 is the least.',
    'EMPTY_CHANNEL_MINUTES is "100000": 10080 is the most.',
    'LISTENERS_PER_PODCAST is "1.5": it takes a whole number.',
    "DISCORD_TOKEN_FILE cannot be read: ENOENT: no such file or directory, open '/no/such/file'",
  ]);
});

test('the token may stand in a file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'guildcast-')), 'token');
  writeFileSync(file, 'the-token\n');
  expect(readConfig({ DISCORD_TOKEN_FILE: file }).discordToken).toBe('the-token');
});

test('only limits are among the limits, so that no secret travels with them', () => {
  expect(Object.keys(readConfig({ DISCORD_TOKEN: 'x' }).limits)).not.toContain('DISCORD_TOKEN');
});
