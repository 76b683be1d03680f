/** The whole program of `audience` in a process of its own: says what it has spent, and what it could not send. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { trustAuthority } from '../simulator/certificate.ts';
import { readConfig } from '../src/config.ts';
import { type DiscordAccess, startProgram } from '../src/program.ts';

export interface Spent {
  /** CPU of all threads, µs. */
  readonly cpuUs: number;
  readonly audiences: number;
  readonly tuned: number;
  /** Over all audiences. */
  readonly frames: number;
  readonly drops: number;
  readonly memoryMb: number;
}

const [discord] = (await once(process, 'message')) as [DiscordAccess & { readonly authority: string }];
trustAuthority(discord.authority);
const dataDir = mkdtempSync(join(tmpdir(), 'guildcast-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true }));
const config = readConfig({
  PORT: '0',
  HOST: '127.0.0.1',
  DATA_DIR: dataDir,
  // Each audience looks its podcast up, and here they all do within a minute.
  REST_REQUESTS_PER_MINUTE: '100000',
});
const program = await startProgram(config, discord, pino({ level: 'silent' }));
process.send?.(program.relay.url);
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { audiences } = program.bot;
  const all = audiences.all().map((audience) => audience.status());
  const spent: Spent = {
    cpuUs: user + system,
    audiences: all.length,
    tuned: audiences.tuned,
    frames: sum(all.map(({ frames }) => frames)),
    drops: sum(all.flatMap(({ drops }) => Object.values(drops))),
    memoryMb: process.memoryUsage.rss() / 2 ** 20,
  };
  process.send?.(spent);
});
process.on('disconnect', () => process.exit());

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
