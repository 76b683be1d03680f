/**
 * What a guild that hears a podcast costs: one host and more and more audience guilds on one program, which is in a process of
 * its own; the simulated Discord, the host and all those who hear are in this one. What counts is the CPU time of the
 * program's process, all threads, kernel included. The control is the same program a moment before, with one audience: it
 * has the gateway, the host, the relay, the programme and the tuner, so the difference is what a further guild costs.
 *
 * Usage: node bench/audience.ts [guilds = 100] [seconds = 15] [volume in percent = 100]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Channel } from '../simulator/channel.ts';
import type { CommandOptions } from '../simulator/commands.ts';
import { SimulatedDiscord } from '../simulator/discord.ts';
import type { Hearing } from '../simulator/hearing.ts';
import type { Person } from '../simulator/person.ts';
import { loadSpeech, speechFiles } from '../simulator/speech.ts';
import type { Spent } from './audience-program.ts';
import { percentile, printTable } from './figures.ts';

const [GUILDS = 100, SECONDS = 15, PERCENT = 100] = process.argv.slice(2).map(Number);
const FRAMES_PER_SECOND = 50;
const SETTLE_MS = 3000;
/** So many join at once. */
const JOINING = 5;

const discord = await SimulatedDiscord.start();
discord.trustCertificate();
const program = fork(new URL('audience-program.ts', import.meta.url), { serialization: 'advanced' });
program.send({ token: discord.botToken, api: discord.apiUrl, authority: discord.certificateAuthority });
await once(program, 'message');

const podcastId = await goOnAir();
const listeners: Hearing[] = [];
const rows: string[][] = [];
const control = await measured(1);
const loaded = await measured(GUILDS);
printTable(
  [
    'audience guilds',
    'CPU of the program',
    'frames a second and guild',
    'frames not sent',
    'heard of what was due',
    'from one frame to the next, p99 ms',
    'RSS MB',
  ],
  rows,
);
const more = loaded.cpuPerSecond - control.cpuPerSecond;
console.log(
  `\nA further guild: ${(more / (loaded.framesPerSecond - control.framesPerSecond)).toFixed(1)} µs of CPU a frame, ${(more / (GUILDS - 1) / 1e4).toFixed(3)} % of a core.`,
);
process.exit();

/** A voice that goes on for ever, with its pauses. @returns the podcast's id */
async function goOnAir(): Promise<string> {
  const guild = discord.addGuild('The host');
  const channel = guild.addVoiceChannel('round table');
  const host = guild.addPerson('Hanna', { permissions: ['ManageEvents'] });
  await host.join(channel);
  const answer = await host.command(guild.addTextChannel('chat'), 'podcast', 'start');
  await answer.settled();
  await channel.botJoined();
  host.speak(await loadSpeech(speechFiles.allison), { loop: true });
  const id = /podcast `(\d+)`|id=(\d+)/.exec(answer.content);
  if (!id) throw new Error(`not on air: ${answer.content}`);
  return id[1] ?? id[2] ?? '';
}

async function measured(guilds: number): Promise<{ cpuPerSecond: number; framesPerSecond: number }> {
  while (listeners.length < guilds) {
    const next = Math.min(JOINING, guilds - listeners.length);
    listeners.push(...(await Promise.all(Array.from({ length: next }, () => listen()))));
  }
  await pause(SETTLE_MS);
  for (const { frames } of listeners) frames.length = 0;
  const before = await spent();
  const startMs = performance.now();
  await pause(SECONDS * 1000);
  const after = await spent();
  const seconds = (performance.now() - startMs) / 1000;
  const cpuPerSecond = (after.cpuUs - before.cpuUs) / seconds;
  const due = after.frames - before.frames;
  const arrivals = listeners.map(({ frames }) => frames.filter(({ opus }) => opus).map(({ atMs }) => atMs));
  const heard = arrivals.reduce((total, { length }) => total + length, 0);
  const gaps = arrivals.flatMap((times) => times.slice(1).map((atMs, index) => atMs - times[index]!));
  rows.push([
    String(after.audiences),
    `${(cpuPerSecond / 1e4).toFixed(1)} % of a core`,
    (due / seconds / guilds).toFixed(1),
    String(after.drops - before.drops),
    `${((100 * heard) / due).toFixed(2)} %`,
    percentile(gaps, 99).toFixed(0),
    after.memoryMb.toFixed(0),
  ]);
  if (after.tuned !== 1) throw new Error(`${after.tuned} tuners`);
  return { cpuPerSecond, framesPerSecond: due / seconds };
}

async function listen(): Promise<Hearing> {
  const guild = discord.addGuild(`Audience ${discord.bot.id}`);
  const channel = guild.addVoiceChannel('stalls');
  const chat = guild.addTextChannel('chat');
  const ben = guild.addPerson('Ben');
  await ben.join(channel);
  await typed(ben, chat, 'listen', { podcast: podcastId });
  await channel.botJoined();
  if (PERCENT !== 100) await typed(ben, chat, 'volume', { percent: PERCENT });
  return ben.listen({ limit: FRAMES_PER_SECOND * SECONDS * 2 });
}

async function typed(
  person: Person,
  chat: Channel,
  subcommand: string,
  options: CommandOptions,
): Promise<void> {
  const answer = await person.command(chat, 'podcast', subcommand, options);
  await answer.settled();
}

async function spent(): Promise<Spent> {
  program.send('spent');
  const [answer] = (await once(program, 'message')) as [Spent];
  return answer;
}
