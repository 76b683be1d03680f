/**
 * What listeners that have stopped reading cost those who read: the relay's CPU a packet, and the delay of the others.
 *
 * The control is the same relay, podcast and listeners without the slow ones, in turns of the same run.
 *
 * Usage: node bench/slow-listeners.ts [listeners = 100] [slow ones = 20] [rounds = 3]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { median, percentile, printTable } from './figures.ts';

const [LISTENERS = 100, SLOW = 20, ROUNDS = 3] = process.argv.slice(2).map(Number);
const TURNS = 300;
const TURN_MS = 20;
const PACKET_BYTES = 185;
/** The kernel takes some megabytes for a socket before anything waits in the relay: so much is sent ahead of each round. */
const FLOOD_PACKETS = 7000;
const FLOOD_BYTES = 1316;
const FLOOD_AT_ONCE = 50;
/** /proc/PID/stat counts in these. */
const TICK_MS = 10;

const server = join(import.meta.dirname, 'websocket-fan-out-server.ts');
const relay = spawn(process.execPath, [server, 'relay'], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
const [line] = await once(relay.stdout!, 'data');
const { port, path, hostHeaders } = JSON.parse(String(line)) as {
  port: number;
  path: string;
  hostHeaders: Record<string, string>;
};
const url = `ws://127.0.0.1:${port}${path}`;
const host = new WebSocket(url, { headers: hostHeaders });
await once(host, 'message');

/** Of the round under way, ms. */
let delays: number[] = [];
const sentAtMs = new Map<number, number>();

for (let index = 0; index < LISTENERS; index++) {
  const listener = new WebSocket(url);
  listener.on('message', (packet: Buffer) => {
    if (packet[0] === 1) delays.push(performance.now() - (sentAtMs.get(packet.readUInt32BE(1)) ?? NaN));
  });
  await once(listener, 'message');
}

let number = 0;
const results: Record<'without' | 'with', { cpuUs: number; p50: number; p99: number }[]> = {
  without: [],
  with: [],
};
for (let round = -1; round < ROUNDS; round++) {
  for (const kind of ['without', 'with'] as const) {
    const slow = kind === 'with' ? await stoppedListeners() : [];
    await flood();
    const dropsBefore = await drops();
    const result = await measure();
    const dropped = (await drops()) - dropsBefore;
    if (dropped > 0 !== slow.length > 0)
      throw new Error(`${dropped} packets were dropped ${kind} slow listeners.`);
    const closed = slow.map((socket) => once(socket, 'close'));
    for (const socket of slow) socket.terminate();
    await Promise.all(closed);
    await sleep(300);
    // The first round fills caches.
    if (round >= 0) results[kind].push(result);
  }
}
printTable(
  ['', "µs of the relay's CPU a packet and reading listener", 'delay p50, ms', 'p99, ms'],
  Object.entries(results).map(([kind, all]) => [
    `${kind} ${SLOW} that stopped reading`,
    ...(['cpuUs', 'p50', 'p99'] as const).map((figure) => median(all.map((one) => one[figure])).toFixed(2)),
  ]),
);
relay.kill();
process.exit(0);

async function stoppedListeners(): Promise<WebSocket[]> {
  const sockets = Array.from({ length: SLOW }, () => new WebSocket(url));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    await once(socket, 'message');
    socket.pause();
  }
  return sockets;
}

async function drops(): Promise<number> {
  relay.send('counters');
  const [counters] = (await once(relay, 'message')) as [Record<string, number>];
  return counters['slow-listener'] ?? 0;
}

/** As fast as those who read can take it. */
async function flood(): Promise<void> {
  delays = [];
  for (let sent = 0; sent < FLOOD_PACKETS; sent += FLOOD_AT_ONCE) {
    for (let packet = 0; packet < FLOOD_AT_ONCE; packet++) host.send(numbered(FLOOD_BYTES));
    while (delays.length < (sent + FLOOD_AT_ONCE) * LISTENERS) await sleep(1);
  }
}

/** An audio packet whose nonce was not there before. */
function numbered(bytes: number): Buffer {
  const packet = Buffer.alloc(bytes, 7);
  packet[0] = 1;
  packet.writeUInt32BE(++number, 1);
  sentAtMs.set(number, performance.now());
  return packet;
}

async function measure(): Promise<{ cpuUs: number; p50: number; p99: number }> {
  delays = [];
  const beforeMs = cpuMs();
  const startMs = performance.now();
  for (let turn = 0; turn < TURNS; turn++) {
    host.send(numbered(PACKET_BYTES));
    await sleep(Math.max(0, startMs + (turn + 1) * TURN_MS - performance.now()));
  }
  await sleep(200);
  if (delays.length !== TURNS * LISTENERS)
    throw new Error(`${delays.length} of ${TURNS * LISTENERS} arrived.`);
  const cpuUs = ((cpuMs() - beforeMs) * 1000) / delays.length;
  return { cpuUs, p50: percentile(delays, 50), p99: percentile(delays, 99) };
}

/** User and system time of the relay's process (man 5 proc). */
function cpuMs(): number {
  const [, fields = ''] = readFileSync(`/proc/${relay.pid}/stat`, 'utf8').split(') ');
  const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) * TICK_MS;
}
