/** The whole program of `latency` in a process of its own. Given by its parent which Discord to log in to. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { trustAuthority } from '../simulator/certificate.ts';
import { readConfig } from '../src/config.ts';
import { type DiscordAccess, startProgram } from '../src/program.ts';

const [discord] = (await once(process, 'message')) as [DiscordAccess & { readonly authority: string }];
trustAuthority(discord.authority);
const dataDir = mkdtempSync(join(tmpdir(), 'guildcast-bench-'));
process.on('exit', () => rmSync(dataDir, { recursive: true }));
// All its listeners come from this machine.
const LISTENERS_PER_ADDRESS = '20000';
const config = readConfig({ PORT: '0', HOST: '127.0.0.1', DATA_DIR: dataDir, LISTENERS_PER_ADDRESS });
const program = await startProgram(config, discord, pino({ level: 'silent' }));
process.send?.(program.relay.url);
process.on('message', (guildId: string) => {
  process.send?.(program.bot.broadcasts.of(guildId)?.podcast.id);
});
process.on('disconnect', () => process.exit());
