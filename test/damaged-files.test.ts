import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { startProgram } from '../src/program.ts';

const NO_DATABASE = 'a list of things to buy, rather long so that it has a whole page header: '.repeat(20);

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function started(folder: string): Promise<unknown> {
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: folder });
  // Nobody answers there: a program that takes the file fails to log in.
  const access = { token: 'none', api: 'http://127.0.0.1:1' };
  return await startProgram(config, access, pino({ level: 'silent' }));
}

/** A database whose first page is whole and whose others are not. */
function tornDatabase(): Buffer {
  const file = join(dataDir(), 'torn.db');
  const database = new DatabaseSync(file);
  database.exec('CREATE TABLE words (word TEXT PRIMARY KEY, meaning TEXT) STRICT');
  const insert = database.prepare('INSERT INTO words VALUES (?, ?)');
  for (let word = 0; word < 500; word += 1) insert.run(`word ${word}`, 'm'.repeat(100));
  database.close();
  return readFileSync(file).fill(0x5a, 4096);
}

test.each(['accounts.db', 'bot.db', 'podcasts.db'])(
  'a %s that is no database ends the start with its path and what to do',
  async (name) => {
    const folder = dataDir();
    const file = join(folder, name);
    writeFileSync(file, NO_DATABASE);
    await expect(started(folder)).rejects.toThrow(
      `${file} is damaged (file is not a database). Put a backup`,
    );
    expect(readFileSync(file, 'utf8')).toBe(NO_DATABASE);
  },
);

test.each(['accounts.db', 'bot.db', 'podcasts.db'])(
  'a %s of which a part is overwritten ends the start in the same way',
  async (name) => {
    const folder = dataDir();
    const file = join(folder, name);
    writeFileSync(file, tornDatabase());
    await expect(started(folder)).rejects.toThrow(/^\S+ is damaged \(.+\)\. Put a backup .+ start again/s);
  },
);

test('files that do not exist yet, or are empty, are made', async () => {
  const folder = dataDir();
  writeFileSync(join(folder, 'bot.db'), '');
  await expect(started(folder)).rejects.toThrow('could not log in to Discord');
});
