/**
 * What connections that never read cost the relay, and those who do read: thousands of them, a third each of radio, HLS and pages.
 *
 * The relay is a process of its own; this one is the host (recorded speech), all the connections, and two listeners of the
 * radio who read. Those must go on getting every second of it: the control is what they got before the crowd came.
 *
 * Usage: node bench/crowd.ts [connections = 10000] [seconds = 20]; as many open files are needed (ulimit -n)
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostPodcast } from '../src/client/podcast-host.ts';
import { printTable } from './figures.ts';
import type { ServerCounters, ServerReady } from './programmes-server.ts';
import { RadioListener } from './radio-listener.ts';
import { residentBytes } from './server-usage.ts';
import { startTalking } from './talking.ts';

const [CONNECTIONS = 10_000, SECONDS = 20] = process.argv.slice(2).map(Number);
const CONNECTING_AT_ONCE = 50;
/** Of 128 kbit/s. */
const BYTES_PER_SECOND = 16_000;

const relay = fork(new URL('programmes-server.ts', import.meta.url));
process.once('exit', () => relay.kill());
process.once('SIGTERM', () => process.exit(1));
const [{ url, account }] = (await once(relay, 'message')) as [ServerReady];
const port = Number(new URL(url).port);
const pid = relay.pid ?? 0;
const host = await hostPodcast({ relay: url, account });
await startTalking(host);
const page = `/p/${host.podcast.id}`;

/** Asks for something, and never reads what comes. */
async function deaf(path: string, headers: readonly string[] = []): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  await once(socket, 'connect');
  socket.write([`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n'));
  return socket;
}

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];
const WAYS = [
  () => deaf(`${page}/live.mp3`),
  () => deaf(segment),
  () => deaf(`/listen?id=${host.podcast.id}&audio=websocket&events=all&from=page`, UPGRADE),
];

/** The address of a segment of HLS, of which it would take many to fill a socket. */
async function someSegment(): Promise<string> {
  const list = await fetch(`${url}${page}/live.m3u8`);
  let [address, text] = [list.url, await list.text()];
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    const last = lines.at(-1);
    if (last && !/\.m3u8/.test(last)) return new URL(last, address).pathname;
    if (last) address = new URL(last, address).href;
    await sleep(1000);
    text = await (await fetch(address)).text();
  }
  throw new Error(`no segment in ${text}`);
}

async function counters(): Promise<ServerCounters> {
  relay.send('counters');
  const [counted] = (await once(relay, 'message')) as [ServerCounters];
  return counted;
}

/** @returns of each reading listener, the seconds of sound it got in one second */
async function pace(seconds: number): Promise<number[]> {
  const before = readers.map(({ bytes }) => bytes);
  const startMs = performance.now();
  await sleep(1000 * seconds);
  const passed = (performance.now() - startMs) / 1000;
  return readers.map(({ bytes }, index) => (bytes - (before[index] ?? 0)) / BYTES_PER_SECOND / passed);
}

const segment = await someSegment();
const readers = [
  await RadioListener.open({ port, path: `${page}/live.mp3` }, true),
  await RadioListener.open({ port, path: `${page}/live.mp3` }, true),
];
await sleep(3000);
const rows: string[][] = [];
const emptyBytes = residentBytes(pid);
async function row(what: string, seconds: number): Promise<void> {
  const paces = await pace(seconds);
  const resident = residentBytes(pid);
  const counted = await counters();
  rows.push([
    what,
    (resident / 2 ** 20).toFixed(0),
    ((resident - emptyBytes) / 1024 / CONNECTIONS).toFixed(1),
    paces.map((value) => value.toFixed(3)).join(' and '),
    `${counted['slow-listener']}`,
  ]);
}

await row('before', 5);
const crowd: Socket[] = [];
while (crowd.length < CONNECTIONS) {
  const count = Math.min(CONNECTING_AT_ONCE, CONNECTIONS - crowd.length);
  const coming = Array.from({ length: count }, (_, index) => {
    const ask = WAYS[(crowd.length + index) % WAYS.length];
    return ask ? [ask()] : [];
  });
  crowd.push(...(await Promise.all(coming.flat())));
}
await row(`${CONNECTIONS} that never read, after ${SECONDS} s`, SECONDS);
await row(`… and as long again`, SECONDS);
for (const socket of crowd) socket.destroy();
await row('when they have gone', 5);
const [one, other] = readers.map((reader) => reader.kept());
const shared = other?.subarray(0, other.length - BYTES_PER_SECOND) ?? Buffer.alloc(0);
const from = one?.indexOf(shared.subarray(0, 4096)) ?? -1;
const isSame = from >= 0 && one?.subarray(from, from + shared.length).equals(shared);
printTable(['', 'RSS, MB', 'KB a connection', 'seconds of sound a second', 'pages lost by the slow'], rows);
console.log(
  `\nThe two who read heard ${isSame ? 'the same, byte for byte' : 'NOT the same'}: ${shared.length} bytes`,
);
process.exit();
