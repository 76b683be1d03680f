/** The whole program of a benchmark in a process of its own, which its parent gives the Discord to log in to. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { trustAuthority } from '../simulator/certificate.ts';
import { readConfig } from '../src/config.ts';
import { type DiscordAccess, type Program, startProgram } from '../src/program.ts';

/**
 * Tells the parent the relay's address once it runs, and ends with the parent.
 * @param settings what differs from the defaults, as in the environment
 */
export async function startForParent(settings: Readonly<Record<string, string>>): Promise<Program> {
  const [discord] = (await once(process, 'message')) as [DiscordAccess & { readonly authority: string }];
  trustAuthority(discord.authority);
  const dataDir = mkdtempSync(join(tmpdir(), 'guildcast-bench-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true }));
  process.on('disconnect', () => process.exit());
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, ...settings });
  const program = await startProgram(config, discord, pino({ level: 'silent' }));
  process.send?.(program.relay.url);
  return program;
}
