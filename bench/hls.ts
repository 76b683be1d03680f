/**
 * How many segments of HLS a second nginx gives out of its cache, with the project's own configuration in front of a relay, and as the
 * control the same nginx with the same bytes as a file; and how many playlists a second come through it from the relay.
 *
 * Connections stay open, and each asks again when it has its answer. The contenders take turns; the first round warms up and is not
 * counted. CPU is the kernel's count for nginx's worker, or for this process with the relay and whoever asks in it.
 *
 * Usage: node bench/hls.ts [connections = 64] [rounds = 5] [seconds a turn = 2]
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openMemoryAccounts } from '../src/accounts/memory-accounts.ts';
import { hostPodcast } from '../src/client/podcast-host.ts';
import { frameMs, loadSpeech, speechFiles } from '../simulator/speech.ts';
import type { Account } from '../src/client/rest-client.ts';
import { DEFAULT_LIMITS } from '../src/protocol/limits.ts';
import { startRelay } from '../src/relay/relay.ts';
import { startNginx } from '../test/support/nginx.ts';
import { readPlaylist } from '../test/support/hls-playlist.ts';
import { median, printTable } from './figures.ts';

const [CONNECTIONS = 64, ROUNDS = 5, SECONDS = 2] = process.argv.slice(2).map(Number);
/** After so many segments those that are asked for are whole ones, of 4 s. */
const WHOLE_AFTER = 5;

/** Asks for one address again and again, on a connection of its own. */
class Asker {
  answers = 0;
  readonly #socket: Socket;
  readonly #question: string;
  #answerBytes = Infinity;
  #bytes = 0;

  constructor(url: URL) {
    this.#question = `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
    this.#socket = connect(Number(url.port), url.hostname).setNoDelay();
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  start(): void {
    this.#socket.write(this.#question);
  }

  stop(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#bytes === 0) this.#answerBytes = lengthOf(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#answerBytes) return;
    this.#bytes = 0;
    this.answers += 1;
    this.start();
  }
}

/** Of a whole answer, by its beginning. @throws Error when it is no success */
function lengthOf(chunk: Buffer): number {
  const head = chunk.toString('latin1', 0, chunk.indexOf('\r\n\r\n') + 4);
  const [, body] = /content-length: (\d+)/i.exec(head) ?? [];
  if (!head.startsWith('HTTP/1.1 200') || body === undefined) throw new Error(head);
  return head.length + Number(body);
}

/** ns on a CPU, all threads of the processes. */
function cpuOf(pids: readonly number[]): number {
  const tasks = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}/schedstat`),
  );
  return tasks.reduce((sum, file) => sum + Number(readFileSync(file, 'utf8').split(' ')[0]), 0);
}

interface Contender {
  readonly name: string;
  readonly url: URL;
  readonly rates: number[];
  readonly cpus: number[];
}

async function measure(contender: Contender, pids: readonly number[]): Promise<readonly [number, number]> {
  const askers = Array.from({ length: CONNECTIONS }, () => new Asker(contender.url));
  const [beforeNs, beforeMs] = [cpuOf(pids), performance.now()];
  for (const asker of askers) asker.start();
  await sleep(1000 * SECONDS);
  const answers = askers.reduce((sum, asker) => sum + asker.answers, 0);
  const result = [
    (1000 * answers) / (performance.now() - beforeMs),
    (cpuOf(pids) - beforeNs) / 1000 / answers,
  ] as const;
  for (const asker of askers) asker.stop();
  return result;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

async function playlistOf(link: string): Promise<URL> {
  const lines = (await (await fetch(link)).text()).split('\n');
  return new URL(lines.find((line) => line !== '' && !line.startsWith('#')) ?? '', link);
}

/** The address of a segment of full length; it takes the time that it lasts. */
async function wholeSegmentOf(playlist: URL): Promise<URL> {
  for (;;) {
    const answer = await fetch(playlist);
    const { segments } = answer.ok ? readPlaylist(await answer.text()) : { segments: [] };
    if (segments.length >= WHOLE_AFTER) return new URL(segments.at(-1)?.uri ?? '', playlist);
    await sleep(500);
  }
}

function contenderOf(name: string, url: URL): Contender {
  return { name, url, rates: [], cpus: [] };
}

/** @returns the id of a podcast in which somebody talks: segments of silence are tiny */
async function talkOn(relay: string, account: Account): Promise<number> {
  const host = await hostPodcast({ relay, account });
  const { frames } = await loadSpeech(speechFiles.june);
  const startMs = performance.now();
  let said = 0;
  setInterval(() => {
    for (; said * frameMs <= performance.now() - startMs; said += 1) {
      const opus = frames[said % frames.length];
      if (opus) host.send({ opus, ssrc: 1, sequence: said % 2 ** 16, timestamp: said * 960 });
    }
  }, frameMs);
  return host.podcast.id;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hls-bench-'));
  const accounts = openMemoryAccounts();
  const account = await accounts.add({ name: 'the host' });
  const limits = { ...DEFAULT_LIMITS, REST_REQUESTS_PER_MINUTE: 1e9 };
  const log = pino({ level: 'silent' });
  const times = { senderTimeoutSeconds: 600, resumeSeconds: 5 };
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    trustProxy: '127.0.0.1',
    ...times,
    limits,
    accounts,
    log,
  });
  const id = await talkOn(relay.url, account);
  const nginx = await startNginx(
    relay.port,
    ` location /still/ { alias ${folder}/; add_header X-Cache HIT; } keepalive_requests 1000000;`,
  );
  const playlist = await playlistOf(`${nginx.url}/p/${id}/live.m3u8`);
  const segment = await wholeSegmentOf(playlist);
  const bytes = await (await fetch(segment)).bytes();
  writeFileSync(join(folder, 'segment.m4s'), bytes);
  const contenders = [
    contenderOf(`segment, nginx's cache`, segment),
    contenderOf('segment, a file (control)', new URL('/still/segment.m4s', nginx.url)),
    contenderOf('playlist, through nginx from the relay', playlist),
  ];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const contender of contenders) {
      const [rate, cpu] = await measure(contender, childrenOf(nginx.pid));
      if (round === 0) continue;
      contender.rates.push(rate);
      contender.cpus.push(cpu);
    }
  }
  console.log(
    `${CONNECTIONS} connections, segments of ${bytes.length} bytes, medians of ${ROUNDS} rounds of ${SECONDS} s\n`,
  );
  const control = median(contenders[1]?.cpus ?? []);
  printTable(
    ['what', 'answers/s', "µs of nginx's CPU each", '× control'],
    contenders.map(({ name, rates, cpus }) => [
      name,
      median(rates).toFixed(0),
      median(cpus).toFixed(1),
      (median(cpus) / control).toFixed(2),
    ]),
  );
  await nginx.stop();
  await relay.close();
  rmSync(folder, { recursive: true });
}

await main();
process.exit();
