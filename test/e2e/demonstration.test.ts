import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild, startNpm } from '../support/child.ts';

test('without a token the program goes on air by itself, is heard next door, a listener records it, and Ctrl-C ends it with status 0', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-'));
  const program = startChild(['src/main.ts'], {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: join(folder, 'data'),
  });
  const [, link] = await program.prints(/npx guildcast listen "(ws:[^"]+)"/);
  await program.prints(/Ctrl-C ends/);
  expect(program.output()).toContain('This is a demonstration: DISCORD_TOKEN is not set');
  expect(program.output()).toMatch(/open in a browser: {2}http:\/\/127\.0\.0\.1:\d+\/p\/\d+\n/);
  expect(program.output()).toContain('is broadcast live: whatever is said in');
  expect(program.output()).toMatch(/Ben:\n {2}I am playing \*\*The round table\*\*/);

  const out = join(folder, 'tracks');
  const listener = startChild(['bin/guildcast.js', 'listen', link!, '--seconds', '3', '--out', out]);
  expect(await listener.exited).toBe(0);
  expect(listener.output()).toMatch(/Speaker 1: \d+ frames, 0 lost → /);
  const tracks = readdirSync(out);
  expect(tracks).toContain('speaker-1.opus');
  expect(tracks.every((track) => statSync(join(out, track)).size > 1000)).toBe(true);

  program.process.kill('SIGINT');
  expect(await program.exited).toBe(0);
  expect(program.output()).toContain('relay closed');
});

test('Ctrl-C in the terminal of npm start ends all of it with status 0', async () => {
  const DATA_DIR = join(mkdtempSync(join(tmpdir(), 'guildcast-')), 'data');
  const program = startNpm({ PORT: '0', HOST: '127.0.0.1', DATA_DIR });
  await program.prints(/Ctrl-C ends/);
  // A terminal sends it to the whole group: npm, whatever shell it uses, and the program.
  process.kill(-program.process.pid!, 'SIGINT');
  expect(await program.exited).toBe(0);
  expect(program.output()).toContain('relay closed');
});

test('a listener is told when the podcast ends, and finishes its files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-'));
  const program = startChild(['src/main.ts'], {
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: join(folder, 'data'),
  });
  const [, link] = await program.prints(/npx guildcast listen "(ws:[^"]+)"/);
  const listener = startChild(['bin/guildcast.js', 'listen', link!, '--out', join(folder, 'tracks')]);
  await listener.prints(/Listening to podcast/);
  await listener.prints(/speaking: Speaker/);
  program.process.kill('SIGTERM');
  expect(await program.exited).toBe(0);
  expect(await listener.exited).toBe(0);
  expect(listener.output()).toMatch(/The host left: the podcast is over/);
});

test('settings that are wrong are said in words, all at once, and nothing starts', async () => {
  const program = startChild(['src/main.ts'], { PORT: 'eighty', LOG_FORMAT: 'xml' });
  expect(await program.exited).toBe(1);
  expect(program.output()).toBe(
    'These settings are wrong:\n' +
      '  - PORT is "eighty": it takes a whole number.\n' +
      '  - LOG_FORMAT is "xml": it takes pretty, json.\n',
  );
});
