/**
 * How long a frame takes from the voice server's UDP socket to a listener, in real time: Discord's datagram in, both
 * decryptions, re-sealing, the host's WebSocket, the relay, each listener's WebSocket. And how far apart the first and
 * the last of a thousand listeners get it. The control does no more than the kernel needs: a datagram comes in, and is
 * written to as many plain sockets.
 *
 * Three processes on two cores: the program (or the control) on the one; on the other the simulated Discord, whose
 * people speak, and all listeners. Speakers begin evenly spread over the 20 ms of a frame, which is the hardest for a
 * fan-out: nothing can go out together.
 *
 * Other programs on the two cores add whole time slices to a figure that is a few ms. So each run notes how long its
 * processes stood in the queue for a core; runs are repeated while there is time, and the calmest count.
 *
 * Usage: node bench/latency.ts [calm rounds = 3] [listeners = 1000]
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatedDiscord } from '../simulator/discord.ts';
import type { Person } from '../simulator/person.ts';
import { Speaking } from '../simulator/speaking.ts';
import type { Speech } from '../simulator/speech.ts';
import { NonceWriter } from '../src/protocol/nonce.ts';
import { writeAudioPacket } from '../src/protocol/packet.ts';
import { frameBytes, writeFrame } from '../src/relay/websocket-frame.ts';
import { percentile, printTable } from './figures.ts';
import { monotonicMs, packetKey } from './latency-clock.ts';
import type { Arrivals, ListenersOrder } from './latency-listeners.ts';

const [ROUNDS = 3, LISTENERS = 1000] = process.argv.slice(2).map(Number);
const SPEAKERS = 5;
const FRAME_MS = 20;
const OPUS_BYTES = 120;
const SEALED_BYTES = OPUS_BYTES + 16;
const WARM_UP_MS = 300;
/** Short, so that some of them fall between what others do on this machine. */
const RUN_MS = 1500;
/** Runs with so many listeners take turns for at most so long, calm or not. */
const GROUPS = [
  { listeners: 1, maxMs: 25_000 },
  { listeners: LISTENERS, maxMs: 57_000 },
];
/** What is not there by then is lost. */
const STRAGGLERS_MS = 200;
/** A run whose processes waited for a core less than this share of the time is calm. */
const CALM = 0.03;
const SENDER_CORE = '0';
const OTHER_CORE = '1';

/** When each packet was sent, by `packetKey`. */
type Sends = Map<number, number>;

/** Lets so many people speak for so long. */
type Speak = (speakers: number, sends: Sends, forMs: number) => Promise<void>;

interface Run {
  readonly speakers: number;
  readonly listeners: number;
  readonly contender: Contender;
  readonly rounds: Round[];
}

interface Contender {
  readonly name: string;
  readonly child: ChildProcess;
  /** Where listeners connect. */
  readonly port: number;
  /** What makes a listener's socket a WebSocket; none for plain sockets. */
  readonly upgrade?: string;
  readonly speak: Speak;
}

interface Round {
  /** ms, one for each packet and listener. */
  readonly latencies: readonly number[];
  /** ms from the first to the last listener, one for each packet. */
  readonly spreads: readonly number[];
  readonly lost: number;
  /** The share of the time in which the contender or the listeners waited for a core. */
  readonly waited: number;
}

const speech: Speech = {
  frames: Array.from({ length: 50 }, () => Buffer.concat([Buffer.of(0xfc), randomBytes(OPUS_BYTES - 1)])),
  durationMs: 50 * FRAME_MS,
};

function start(script: string, core: string): ChildProcess {
  return fork(join(import.meta.dirname, script), {
    execPath: 'taskset',
    execArgv: ['-c', core, process.execPath],
    serialization: 'advanced',
  });
}

async function ask<Answer>(child: ChildProcess, question?: unknown): Promise<Answer> {
  const answer = once(child, 'message') as Promise<[Answer]>;
  if (question !== undefined) child.send(question as object);
  return (await answer)[0];
}

/** The program on air: people of a call whose frames go to it. */
async function startProgram(discord: SimulatedDiscord): Promise<Contender> {
  const child = start('latency-program.ts', SENDER_CORE);
  const access = { token: discord.botToken, api: discord.apiUrl, authority: discord.certificateAuthority };
  const guild = discord.addGuild('Knitting Circle');
  const chat = guild.addTextChannel('chat');
  const channel = guild.addVoiceChannel('round table');
  const url = await ask<string>(child, access);
  const people = Array.from({ length: SPEAKERS }, (_, index) =>
    guild.addPerson(`Speaker ${index + 1}`, { permissions: ['ManageEvents'] }),
  );
  for (const person of people) await person.join(channel);
  const answer = await people[0]!.command(chat, 'podcast', 'start');
  await answer.settled();
  await channel.botJoined();
  const podcastId = await ask<number | undefined>(child, guild.id);
  const peer = channel.botPeer;
  const route = peer?.route;
  if (podcastId === undefined || !route) throw new Error(`not on air: ${answer.content}`);
  const speak = async (speakers: number, sends: Sends, forMs: number): Promise<void> => {
    peer.openRoute({
      ...route,
      send(datagram) {
        sends.set(packetKey(datagram.readUInt32BE(8), datagram.readUInt16BE(2)), monotonicMs());
        route.send(datagram);
      },
    });
    await inTurns(people.slice(0, speakers), forMs, (person: Person) => person.speak(speech, { loop: true }));
    peer.openRoute(route);
  };
  return { name: 'program', child, port: Number(new URL(url).port), upgrade: upgradeTo(podcastId), speak };
}

/** The control: as many packets of the same size at the same pace, from one UDP socket. */
async function startControl(): Promise<Contender> {
  const child = start('latency-control.ts', SENDER_CORE);
  const { listenersPort, packetsPort } = await ask<{ listenersPort: number; packetsPort: number }>(child);
  const socket = createSocket('udp4');
  const nonces = new NonceWriter();
  let sequence = 0;
  const speak = async (speakers: number, sends: Sends, forMs: number): Promise<void> => {
    const ssrcs = Array.from({ length: speakers }, (_, index) => index + 1);
    await inTurns(ssrcs, forMs, (ssrc) => {
      const say = (): boolean => {
        sequence = (sequence + 1) % 2 ** 16;
        const packet = writeAudioPacket(
          nonces.next({ sequence, timestamp: 0, ssrc }),
          randomBytes(SEALED_BYTES),
        );
        const frame = Buffer.alloc(frameBytes(packet));
        writeFrame(packet, frame, 0);
        sends.set(packetKey(ssrc, sequence), monotonicMs());
        socket.send(frame, packetsPort, '127.0.0.1');
        return true;
      };
      return new Speaking(speech, { open: async () => {}, say, close: () => {} }, { loop: true });
    });
  };
  return { name: 'control', child, port: listenersPort, speak };
}

function upgradeTo(podcastId: number): string {
  return [
    `GET /?id=${podcastId} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    '\r\n',
  ].join('\r\n');
}

/** Everybody begins a share of 20 ms after the one before. */
async function inTurns<Who>(
  all: readonly Who[],
  forMs: number,
  begin: (who: Who) => Speaking,
): Promise<void> {
  const speeches: Speaking[] = [];
  for (const who of all) {
    speeches.push(begin(who));
    await sleep(FRAME_MS / all.length);
  }
  await sleep(forMs);
  for (const one of speeches) one.stop();
  await Promise.all(speeches.map(({ done }) => done));
}

/** How long a process has been able to run and was not let, ms (proc_pid_schedstat: ns on the run queue). */
function waitedMs({ pid }: ChildProcess): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
}

async function measure({ contender, speakers, listeners }: Run, ears: ChildProcess): Promise<Round> {
  const sends: Sends = new Map();
  const startMs = monotonicMs();
  const waitedBefore = [waitedMs(contender.child), waitedMs(ears)];
  await contender.speak(speakers, sends, WARM_UP_MS + RUN_MS);
  const tookMs = monotonicMs() - startMs;
  const waited = [waitedMs(contender.child), waitedMs(ears)].map((ms, index) => ms - waitedBefore[index]!);
  await sleep(STRAGGLERS_MS);
  const arrivals = await ask<Arrivals>(ears, { do: 'collect' } satisfies ListenersOrder);
  const latencies: number[] = [];
  const spreads: number[] = [];
  let lost = 0;
  for (const [key, sentMs] of sends) {
    if (sentMs < startMs + WARM_UP_MS) continue;
    const times = (arrivals.get(key) ?? new Float64Array()).filter((time) => !Number.isNaN(time));
    lost += listeners - times.length;
    for (const time of times) latencies.push(time - sentMs);
    spreads.push(percentile(times, 100) - percentile(times, 0));
  }
  return { latencies, spreads, lost, waited: Math.max(...waited) / tookMs };
}

/** Runs take turns until each has been calm often enough, or the time is over. */
async function measureAll(runs: readonly Run[], ears: ChildProcess, maxMs: number): Promise<void> {
  const untilMs = monotonicMs() + maxMs;
  const isDone = (run: Run): boolean => run.rounds.filter(({ waited }) => waited < CALM).length >= ROUNDS;
  while (!runs.every(isDone)) {
    for (const run of runs) {
      if (monotonicMs() > untilMs) return;
      if (!isDone(run)) run.rounds.push(await measure(run, ears));
    }
  }
}

async function main(): Promise<void> {
  execFileSync('taskset', ['-apc', OTHER_CORE, String(process.pid)], { stdio: 'ignore' });
  const discord = await SimulatedDiscord.start();
  const contenders = [await startProgram(discord), await startControl()];
  const runs: Run[] = [];
  for (const { listeners, maxMs } of GROUPS) {
    const ears = start('latency-listeners.ts', OTHER_CORE);
    for (const { port, upgrade } of contenders)
      await ask(ears, { do: 'connect', count: listeners, port, upgrade } satisfies ListenersOrder);
    const these = [1, SPEAKERS].flatMap((speakers) =>
      contenders.map((contender): Run => ({ contender, speakers, listeners, rounds: [] })),
    );
    await measureAll(these, ears, maxMs);
    runs.push(...these);
    ears.disconnect();
    await once(ears, 'exit');
  }
  console.log(`ms, over the ${ROUNDS} calmest rounds of each\n`);
  printTable(
    ['', 'speakers', 'listeners', 'p50', 'p99', 'first to last p50', 'p99', 'lost', 'waited'],
    runs.map(rowOf),
  );
}

function rowOf({ contender, speakers, listeners, rounds }: Run): string[] {
  const calmest = rounds.toSorted((a, b) => a.waited - b.waited).slice(0, ROUNDS);
  const latencies = calmest.flatMap((round) => round.latencies);
  const spreads = calmest.flatMap((round) => round.spreads);
  const lost = calmest.reduce((sum, round) => sum + round.lost, 0);
  return [
    contender.name,
    String(speakers),
    String(listeners),
    ...[latencies, spreads].flatMap((values) => [50, 99].map((rank) => percentile(values, rank).toFixed(2))),
    String(lost),
    `${(Math.max(...calmest.map(({ waited }) => waited)) * 100).toFixed(1)} %`,
  ];
}

await main();
process.exit();
