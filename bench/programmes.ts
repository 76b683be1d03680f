/**
 * How many programmes of three speakers one thread of the relay carries, and whether the tracks notice.
 *
 * The relay is a process of its own with one thread for programmes. This process hosts all podcasts (recorded speech, all
 * three speakers at once, or one after the other) and listens: to each programme, and to the tracks of one podcast more,
 * whose frames it times. The control is the same run, the same packets in, while nobody wants a programme.
 *
 * Usage: node bench/programmes.ts [at-once | in-turn] [programmes …]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { loadSpeech, speechFiles } from '../simulator/speech.ts';
import { NonceWriter, readRtpMetadata } from '../src/protocol/nonce.ts';
import { nonceOf, writeAudioPacket } from '../src/protocol/packet.ts';
import { seal } from '../src/protocol/sealing.ts';
import { percentile, printTable } from './figures.ts';
import type { ServerCounters, ServerReady } from './programmes-server.ts';

const [manner = 'at-once', ...given] = process.argv.slice(2);
const COUNTS = given.length > 0 ? given.map(Number) : [5, 10, 20, 30, 40];
const FRAME_MS = 20;
const WARM_UP_MS = 3000;
const RUN_MS = 8000;
/** One after the other: each speaks for so many frames. */
const TURN_FRAMES = 150;
/** Of Linux, on every machine of today: the unit of CPU time in /proc. */
const CLOCK_TICK_MS = 10;

const speeches = await Promise.all(Object.values(speechFiles).map((file) => loadSpeech(file)));
const relay = fork(new URL('programmes-server.ts', import.meta.url));
const [{ url, account }] = (await once(relay, 'message')) as [ServerReady];
const headers = { client_id: account.id, client_secret: account.secret };
const socketUrl = url.replace('http', 'ws');

/** A podcast that this process hosts. */
class Host {
  readonly id: number;
  readonly #socket: WebSocket;
  readonly #key: Uint8Array;
  readonly #nonces = new NonceWriter();
  /** So that not all speakers say the same at the same time. */
  readonly #offset: number;
  #frame = 0;

  private constructor(id: number, socket: WebSocket, key: Uint8Array) {
    this.id = id;
    this.#socket = socket;
    this.#key = key;
    this.#offset = id % 1000;
  }

  static async open(): Promise<Host> {
    const answer = await fetch(`${url}/podcast`, { method: 'POST', headers });
    const { id } = (await answer.json()) as { id: number };
    const socket = new WebSocket(`${socketUrl}/?id=${id}`, { headers: { ...headers, isSender: 'true' } });
    const [hello] = (await once(socket, 'message')) as [Buffer];
    const { content } = JSON.parse(hello.subarray(1).toString()) as { content: { secretKey: number[] } };
    return new Host(id, socket, Uint8Array.from(content.secretKey));
  }

  /** The next 20 ms of whoever speaks. @param onSend told what identifies each packet */
  speak(onSend?: (packet: Uint8Array) => void): void {
    this.#frame += 1;
    const turn = Math.floor(this.#frame / TURN_FRAMES) % speeches.length;
    for (const [speaker, { frames }] of speeches.entries()) {
      if (manner === 'in-turn' && speaker !== turn) continue;
      const opus = frames[(this.#offset + this.#frame) % frames.length];
      if (!opus) continue;
      const rtp = { ssrc: speaker + 1, sequence: this.#frame & 0xffff, timestamp: this.#frame * 960 };
      const nonce = this.#nonces.next(rtp);
      const packet = writeAudioPacket(nonce, seal(opus, nonce, this.#key));
      onSend?.(packet);
      this.#socket.send(packet);
    }
  }
}

/** When each frame of one programme came, against the first of all. */
interface Arrival {
  readonly timestamp: number;
  readonly atMs: number;
}

function keyOf(packet: Uint8Array): string {
  return Buffer.from(nonceOf(packet)).toString('latin1');
}

/** ms by which frames came later than the best one of their stream. */
function latenessOf(arrivals: readonly Arrival[]): number[] {
  const [first] = arrivals;
  if (!first) return [];
  const offsets = arrivals.map(
    ({ timestamp, atMs }) => atMs - first.atMs - ((timestamp - first.timestamp) >>> 0) / 48,
  );
  const best = offsets.reduce((least, offset) => Math.min(least, offset), Infinity);
  return offsets.map((offset) => offset - best);
}

interface Used {
  readonly mainMs: number;
  readonly workerMs: number;
  /** How long the worker stood in the queue for a core, while others had it. */
  readonly waitedMs: number;
}

/** CPU time of the relay's own thread, and of the busiest of all others (proc(5): stat, fields 14 and 15; schedstat, field 2). */
function used(): Used {
  const folder = `/proc/${relay.pid}/task`;
  const cpuMs = (thread: string): number => {
    const [, after = ''] = readFileSync(`${folder}/${thread}/stat`, 'utf8').split(') ');
    const fields = after.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
  };
  const main = String(relay.pid);
  const others = readdirSync(folder).filter((thread) => thread !== main);
  const [worker = main] = others.toSorted((a, b) => cpuMs(b) - cpuMs(a));
  const [, waitedNs] = readFileSync(`${folder}/${worker}/schedstat`, 'utf8').split(' ');
  return { mainMs: cpuMs(main), workerMs: cpuMs(worker), waitedMs: Number(waitedNs) / 1e6 };
}

async function counters(): Promise<ServerCounters> {
  relay.send('?');
  const [snapshot] = (await once(relay, 'message')) as [ServerCounters];
  return snapshot;
}

const hosts: Host[] = [await Host.open()];
/** When the packets of the first podcast left, by nonce. */
const sentAtMs = new Map<string, number>();
let latencies: number[] = [];
let isMeasuring = false;

/** Every host has its own moment in the 20 ms. */
function pace(): void {
  let round = 0;
  const startMs = performance.now();
  const due: number[] = [];
  setInterval(() => {
    const nowMs = performance.now() - startMs;
    for (const [index, host] of hosts.entries()) {
      due[index] ??= Math.ceil(nowMs / FRAME_MS) * FRAME_MS + ((index * 7.3) % FRAME_MS);
      while ((due[index] ?? Infinity) <= nowMs) {
        due[index] = (due[index] ?? 0) + FRAME_MS;
        host.speak(index === 0 ? (packet) => void sentAtMs.set(keyOf(packet), performance.now()) : undefined);
      }
    }
    round += 1;
    if (round % 5000 === 0) sentAtMs.clear();
  }, 1);
}

async function listenToTracks(): Promise<void> {
  const [first] = hosts;
  const socket = new WebSocket(`${socketUrl}/?id=${first?.id}`);
  socket.on('message', (packet: Buffer) => {
    const leftMs = packet[0] === 1 ? sentAtMs.get(keyOf(packet)) : undefined;
    if (leftMs !== undefined && isMeasuring) latencies.push(performance.now() - leftMs);
  });
  await once(socket, 'open');
}

function listenToProgramme(host: Host, arrivals: Arrival[]): WebSocket {
  const socket = new WebSocket(`${socketUrl}/listen?id=${host.id}&audio=websocket&stream=programme`);
  socket.on('message', (packet: Buffer, isBinary: boolean) => {
    const rtp = isBinary && isMeasuring ? readRtpMetadata(nonceOf(packet)) : undefined;
    if (rtp) arrivals.push({ timestamp: rtp.timestamp, atMs: performance.now() });
  });
  return socket;
}

async function measure(programmes: number): Promise<string[]> {
  await sleep(WARM_UP_MS);
  const [before, countedBefore] = [used(), await counters()];
  latencies = [];
  isMeasuring = true;
  const startMs = performance.now();
  await sleep(RUN_MS);
  const tookMs = performance.now() - startMs;
  isMeasuring = false;
  const [after, counted] = [used(), await counters()];
  const frames = counted['programme-frames'] - countedBefore['programme-frames'];
  const lost = counted['programme-overrun'] - countedBefore['programme-overrun'];
  const skipped = counted['programme-skipped'] - countedBefore['programme-skipped'];
  const workerMs = programmes === 0 ? 0 : after.workerMs - before.workerMs;
  return [
    `${((100 * workerMs) / tookMs).toFixed(0)} %`,
    programmes === 0 ? '' : `${((100 * (after.waitedMs - before.waitedMs)) / tookMs).toFixed(0)} %`,
    programmes === 0 ? '' : ((1000 * workerMs) / frames).toFixed(0),
    `${((100 * (after.mainMs - before.mainMs)) / tookMs).toFixed(0)} %`,
    percentile(latencies, 50).toFixed(2),
    percentile(latencies, 99).toFixed(2),
    `${skipped} / ${lost}`,
  ];
}

await listenToTracks();
pace();
const rows: string[][] = [];
for (const programmes of COUNTS) {
  while (hosts.length < programmes + 1) hosts.push(await Host.open());
  rows.push([`${programmes} podcasts, no programme`, ...(await measure(0)), '']);
  const arrivals: Arrival[][] = hosts.slice(1).map(() => []);
  const sockets = hosts.slice(1).map((host, index) => listenToProgramme(host, arrivals[index] ?? []));
  const row = await measure(programmes);
  const lateness = arrivals.flatMap(latenessOf);
  const late = [50, 99].map((percent) => percentile(lateness, percent).toFixed(1)).join(' / ');
  rows.push([`**${programmes} programmes**`, ...row, late]);
  for (const socket of sockets) socket.close();
  // Until the grace of the last programme is over.
  await sleep(6000);
}
printTable(
  [
    '',
    'worker thread',
    'it waited for a core',
    'µs a frame',
    "relay's own thread",
    'tracks, ms p50',
    'p99',
    'skipped / overrun',
    'programme late by, ms p50 / p99',
  ],
  rows,
);
relay.kill();
process.exit(0);
