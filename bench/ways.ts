/**
 * How late each way of listening is: from a packet's way to the relay to its sound, all ways at the same time.
 *
 * A host on a thread of its own says short tones in a silence. "Arrived": the moment their sound could be decoded from what had come, without any
 * buffer of a player. "Played": the moment they came out of Chromium, with all that a browser keeps in hand. Of the page, its own
 * figure; it is left out when the relay serves none.
 *
 * Usage: node bench/ways.ts [seconds = 60] (Linux, chromium, ffmpeg)
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Browser } from 'playwright-core';
import { LibopusCodec } from '../src/audio/opus-codec.ts';
import { PodcastListener, type PodcastListenerOptions } from '../src/client/podcast-listener.ts';
import { sharedNowMs } from '../src/relay/media-threads/worker-messages.ts';
import { type ListeningPage, launchChromium, openListeningPage } from '../test/support/chromium.ts';
import { heardSound } from '../test/support/heard-sound.ts';
import { percentile, printTable } from './figures.ts';
import { delaysOf, type Mark, MarkFinder } from './marks.ts';
import type { ServerReady } from './programmes-server.ts';
import type { FromHost } from './ways-host.ts';

const [SECONDS = 60] = process.argv.slice(2).map(Number);
/** Before it counts: while browsers start nothing has the processor when it needs it, and what fell behind then takes its time to catch up. */
const WARM_UP_SECONDS = 20;
const HLS_LIBRARY = readFileSync(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'));
const PLAYER_PAGE = `<!doctype html><link rel=icon href="data:,"><button>play</button><script src="/hls.js"></script><script>
document.querySelector('button').addEventListener('click', () => {
  const audio = new Audio();
  audio.crossOrigin = 'anonymous';
  const link = new URLSearchParams(location.search).get('link');
  if (link.endsWith('.m3u8')) {
    const hls = new Hls();
    hls.loadSource(link);
    hls.attachMedia(audio);
  } else audio.src = link;
  audio.play();
});
</script>`;

interface Way {
  readonly name: string;
  readonly what: 'arrived' | 'played';
  readonly finder: MarkFinder;
  /** Before its tones are read. */
  readonly collect?: () => Promise<void>;
}

const relay = fork(new URL('programmes-server.ts', import.meta.url));
process.once('exit', () => relay.kill());
process.once('SIGTERM', () => process.exit(1));
const [ready] = (await once(relay, 'message')) as [ServerReady];
const { url } = ready;
const said: Mark[] = [];
/** What `performance.now()` has that the host's clock has not. */
const clockMs = performance.now() - sharedNowMs();
const podcastId = await startHost();
const page = `${url}/p/${podcastId}`;
const codec = await LibopusCodec.load({ spares: 4 });

function startHost(): Promise<number> {
  const host = new Worker(new URL('ways-host.ts', import.meta.url), { workerData: ready });
  const { promise, resolve } = Promise.withResolvers<number>();
  host.on('message', (message: FromHost) => {
    if ('podcastId' in message) resolve(message.podcastId);
    else said.push({ ...message, atMs: message.atMs + clockMs });
  });
  return promise;
}

function mono(sound: Float32Array, channels: number): Float32Array {
  if (channels === 1) return sound;
  return new Float32Array(sound.length / 2).map((_, index) => sound[2 * index] ?? 0);
}

async function byClient(
  name: string,
  options: Pick<PodcastListenerOptions, 'audio' | 'stream'>,
): Promise<Way> {
  const finder = new MarkFinder();
  const decoder = codec.takeDecoder(2);
  if (!decoder) throw new Error('no decoder');
  const listener = new PodcastListener({ relay: url, podcastId, ...options });
  listener.on('frame', ({ opus }) => {
    const atMs = performance.now();
    finder.take(mono(decoder.decode(opus), 2), () => atMs);
  });
  await once(listener, 'listening');
  return { name, what: 'arrived', finder };
}

function byFfmpeg(name: string, link: string): Way {
  const finder = new MarkFinder();
  const args = [
    '-nostdin',
    '-loglevel',
    'error',
    '-fflags',
    'nobuffer',
    '-probesize',
    '4096',
    '-analyzeduration',
    '0',
  ];
  const out = ['-f', 'f32le', '-ac', '1', '-ar', '48000', '-flush_packets', '1', 'pipe:1'];
  const child = spawn('ffmpeg', [...args, '-i', link, ...out], { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  let rest = Buffer.alloc(0);
  const startMs = performance.now();
  child.stdout.on('data', (chunk: Buffer) => {
    const atMs = performance.now();
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length & ~3;
    rest = bytes.subarray(whole);
    // The last moments that come at once at first were said long before.
    if (atMs - startMs < 5000) return;
    finder.take(new Float32Array(new Uint8Array(bytes.subarray(0, whole)).buffer), () => atMs);
  });
  return { name, what: 'arrived', finder };
}

/** @param button that has it play */
async function byChromium(name: string, browser: Browser, address: string, button = 'button'): Promise<Way> {
  const finder = new MarkFinder();
  const listening: ListeningPage = await openListeningPage(browser, address);
  await listening.click(button);
  const collect = async (): Promise<void> => {
    const { samples, startMs } = await heardSound(listening);
    finder.take(samples, (index) => startMs + index / 48);
  };
  return { name, what: 'played', finder, collect };
}

async function startPlayerPage(): Promise<string> {
  const server = createServer(({ url: path }: IncomingMessage, answer: ServerResponse) => {
    const isLibrary = path === '/hls.js';
    answer.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html' });
    answer.end(isLibrary ? HLS_LIBRARY : PLAYER_PAGE);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/?link=`;
}

/** Whether the relay has a page at the podcast's link. */
async function servesPage(): Promise<boolean> {
  const answer = await fetch(page, { headers: { accept: 'text/html' } });
  return answer.ok && (answer.headers.get('content-type') ?? '').startsWith('text/html');
}

const browser = await launchChromium();
try {
  const player = await startPlayerPage();
  const ways: Way[] = [
    await byClient('tracks, UDP', { audio: 'udp' }),
    await byClient('tracks, WebSocket', { audio: 'websocket' }),
    await byClient('programme, WebSocket', { audio: 'websocket', stream: 'programme' }),
    byFfmpeg('MP3', `${page}/live.mp3`),
    byFfmpeg('Ogg Opus', `${page}/live.opus`),
    await byChromium('MP3, audio element', browser, `${player}${encodeURIComponent(`${page}/live.mp3`)}`),
    await byChromium('HLS, hls.js', browser, `${player}${encodeURIComponent(`${page}/live.m3u8`)}`),
  ];
  if (await servesPage()) ways.push(await byChromium('the page', browser, page, '#play'));
  console.error('all listen');
  const countsFromMs = performance.now() + 1000 * WARM_UP_SECONDS;
  await sleep(1000 * (WARM_UP_SECONDS + SECONDS));
  for (const way of ways) await way.collect?.();
  printTable(
    ['way', 'to', 'tones', 'ms p50', 'p95', 'least'],
    ways.map(({ name, what, finder }) => {
      const delays = delaysOf(
        said,
        finder.heard.filter(({ atMs }) => atMs >= countsFromMs),
      );
      const figures = [percentile(delays, 50), percentile(delays, 95), Math.min(...delays)];
      return [name, what, `${delays.length}`, ...figures.map((ms) => ms.toFixed(0))];
    }),
  );
} finally {
  await browser.close();
}
process.exit();
