/**
 * What one message to one WebSocket listener costs the sender's CPU: the whole relay on its lane of packets, the whole relay
 * to pages (`/listen?audio=websocket`), a server that uses the send of
 * the ws library, and as the control a C program that does nothing but one send(2) for each socket.
 *
 * Every contender is a process on one core; this process, on the other, is the host and all the listeners, and checks
 * that each of them gets every message in its order. CPU time is the kernel's count for all threads of the contender.
 * The contenders take turns; the first round warms up and is not counted.
 *
 * A turn comes every 20 ms, as audio does; with 0 it comes when the listeners have all of the last one, which leaves
 * the caches warm and the figures steadier.
 *
 * Usage: node bench/websocket-fan-out.ts [listeners = 1000] [rounds = 5] [turns = 100] [ms a turn = 20]
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [LISTENERS = 1000, ROUNDS = 5, TURNS = 100, TURN_MS = 20] = process.argv.slice(2).map(Number);
const PACKET_BYTES = 185;
const FRAME_BYTES = 4 + PACKET_BYTES;
const SENDER_CORE = '0';
const RECEIVER_CORE = '1';
const CONNECTING_AT_ONCE = 100;

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'websocket-send-'));

/** Reads frames of one size, whose packets are numbered in the bytes after the first. */
class Listener {
  readonly #socket: Socket;
  readonly #onFrame: () => void;
  #carry: Buffer = Buffer.alloc(0);
  #next = 0;

  constructor(socket: Socket, onFrame: () => void) {
    this.#socket = socket;
    this.#onFrame = onFrame;
  }

  /** From now on only audio comes. */
  start(): void {
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.resume();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    let offset = 0;
    while (offset + FRAME_BYTES <= bytes.length) {
      // What a page is told of the podcast is text, and short.
      if (bytes[offset] === 0x81) {
        offset += 2 + lengthOfText(bytes, offset);
        continue;
      }
      const number = bytes.readUInt32BE(offset + 5);
      if (bytes[offset] !== 0x82 || number !== this.#next) {
        throw new Error(`A listener got message ${number} where ${this.#next} was due.`);
      }
      this.#next += 1;
      this.#onFrame();
      offset += FRAME_BYTES;
    }
    this.#carry = bytes.subarray(offset);
  }
}

/** Bytes behind the first two (RFC 6455 §5.2). */
function lengthOfText(bytes: Buffer, offset: number): number {
  const length = bytes[offset + 1] ?? 0;
  return length === 126 ? 2 + bytes.readUInt16BE(offset + 2) : length;
}

interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Gives the host's packets to the contender. */
  readonly send: (packets: readonly Buffer[]) => void;
  sent: number;
  received: number;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('A contender without output.');
  const [line] = await once(child.stdout, 'data');
  return String(line).trim();
}

/** A socket whose upgrade has been answered. */
async function upgraded(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Socket> {
  const request = [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay();
  socket.write(`${request.join('\r\n')}\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

/** Connects listeners; what comes before audio (the answer, Hello) is passed over. */
async function listen(port: number, path: string, onFrame: () => void): Promise<void> {
  const one = async (): Promise<Listener> => new Listener(await upgraded(port, path), onFrame);
  const listeners: Listener[] = [];
  while (listeners.length < LISTENERS) {
    const count = Math.min(CONNECTING_AT_ONCE, LISTENERS - listeners.length);
    listeners.push(...(await Promise.all(Array.from({ length: count }, one))));
  }
  // Hello may be in a segment of its own.
  await sleep(500);
  for (const listener of listeners) listener.start();
}

/** A client's frame, masked with zeros (RFC 6455 §5.3). */
function clientFrame(packet: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x82, 0x80 | 126, 0, packet.length, 0, 0, 0, 0), packet]);
}

/** @param pageQuery when the listeners are pages: what they add to the address of the lane of events */
async function startNode(name: string, kind: 'relay' | 'ws', pageQuery?: string): Promise<Contender> {
  const server = join(here, 'websocket-fan-out-server.ts');
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn('taskset', ['-c', SENDER_CORE, process.execPath, server, kind], { stdio: [...stdio] });
  const { port, path, hostHeaders } = JSON.parse(await firstLine(child));
  const host = await upgraded(port, path, hostHeaders);
  const contender: Contender = {
    name,
    pid: child.pid ?? 0,
    process: child,
    // In one segment, as packets that arrive together do.
    send: (packets) => void host.write(Buffer.concat(packets.map(clientFrame))),
    sent: 0,
    received: 0,
  };
  host.resume();
  const listenPath = pageQuery === undefined ? path : `${path.replace('/', '/listen')}${pageQuery}`;
  await listen(port, listenPath, () => (contender.received += 1));
  return contender;
}

async function startControl(name: string, manner: 'apart' | 'together'): Promise<Contender> {
  const program = join(folder, 'websocket-send');
  execFileSync('cc', ['-O2', '-o', program, join(here, 'controls', 'websocket-send.c')]);
  const stdio = ['pipe', 'pipe', 'inherit'] as const;
  const child = spawn('taskset', ['-c', SENDER_CORE, program, String(LISTENERS), manner], {
    stdio: [...stdio],
  });
  const port = Number(await firstLine(child));
  const contender: Contender = {
    name,
    pid: child.pid ?? 0,
    process: child,
    send: (packets) => void child.stdin?.write(Buffer.concat(packets)),
    sent: 0,
    received: 0,
  };
  await listen(port, '/', () => (contender.received += 1));
  return contender;
}

/** ns on a CPU, all threads together. */
function cpuOf({ pid }: Contender): number {
  let total = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    total += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return total;
}

/** @returns µs of the contender's CPU for one message to one listener */
async function measure(contender: Contender, packetsPerTurn: number): Promise<number> {
  const before = cpuOf(contender);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const next = sleep(TURN_MS);
    contender.send(Array.from({ length: packetsPerTurn }, () => numbered(contender.sent++)));
    await next;
    while (contender.received < contender.sent * LISTENERS) await sleep(1);
  }
  return (cpuOf(contender) - before) / 1000 / (TURNS * packetsPerTurn * LISTENERS);
}

function numbered(number: number): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES, 7);
  packet[0] = 1;
  packet.writeUInt32BE(number, 1);
  return packet;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function main(): Promise<void> {
  execFileSync('taskset', ['-pc', RECEIVER_CORE, String(process.pid)], { stdio: 'ignore' });
  const ours = await startNode('the relay, whole', 'relay');
  const pages = await startNode(
    'the relay, whole, to pages',
    'relay',
    '&audio=websocket&events=all&from=page',
  );
  const library = await startNode('ws, client.send', 'ws');
  const apart = await startControl('C, one send a message', 'apart');
  const together = await startControl('C, one send a turn', 'together');
  const runs = [ours, pages, library, apart, together].flatMap((contender) => {
    const packetsPerTurn = contender === together ? [3] : [1, 3];
    return packetsPerTurn.map((packets) => ({ contender, packets, figures: [] as number[] }));
  });
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { contender, packets, figures } of runs) {
      const figure = await measure(contender, packets);
      if (round > 0) figures.push(figure);
    }
  }
  const control = (packets: number): number => {
    return median(runs.find((run) => run.contender === apart && run.packets === packets)?.figures ?? []);
  };
  console.log(
    `${LISTENERS} listeners, ${PACKET_BYTES}-byte messages, ${TURN_MS} ms a turn, medians of ${ROUNDS} rounds of ${TURNS} turns\n`,
  );
  console.log('| sender | messages a turn | µs CPU a message | × C, one send a message |');
  console.log('|---|---|---|---|');
  for (const { contender, packets, figures } of runs) {
    const figure = median(figures);
    const ratio = (figure / control(packets)).toFixed(2);
    console.log(`| ${contender.name} | ${packets} | ${figure.toFixed(2)} | ${ratio} |`);
  }
  for (const { process: child } of [ours, pages, library, apart, together]) child.kill();
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
