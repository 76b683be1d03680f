/**
 * What it costs to encode a podcast, in each format, and how many encodings one thread carries.
 *
 * First the desk alone, fed with sealed packets of recorded speech: CPU for each second of audio. Its controls are the bare
 * encoder on the same sound, decoded before, and native ffmpeg on it.
 *
 * Then real threads: encodings on one, a few programmes on another. Every encoding gets a packet each 20 ms. The control is
 * the same run without encodings: whether the programmes notice.
 *
 * Usage: node bench/encodings.ts [encodings …]
 */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSpeech, speechFiles } from '../simulator/speech.ts';
import { LibopusCodec } from '../src/audio/opus-codec.ts';
import { readRtpMetadata } from '../src/protocol/nonce.ts';
import { nonceOf } from '../src/protocol/packet.ts';
import { systemClock } from '../src/relay/clock.ts';
import { Counters } from '../src/relay/counters.ts';
import { FORMATS, type Format, type ProgrammeFrame } from '../src/relay/encoding/encoder.ts';
import { loadEncoders } from '../src/relay/encoding/encoders.ts';
import { EncodingDesk } from '../src/relay/encoding/encoding-desk.ts';
import { ENCODING_TRADE, readMadePage } from '../src/relay/encoding/encoding-threads.ts';
import { type Job, MediaThreads } from '../src/relay/media-threads/media-threads.ts';
import { PROGRAMME_TRADE } from '../src/relay/programme/programme-threads.ts';
import { ProgrammePackets } from '../test/support/programme-packets.ts';
import { median, percentile, printTable } from './figures.ts';

const COUNTS = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [6, 12];
const KEY = new Uint8Array(32).fill(3);
const SECONDS = 30;
const ROUNDS = 3;
const FRAME_MS = 20;
const PROGRAMMES = 5;
const WARM_UP_MS = 3000;
const RUN_MS = 8000;
/** The encoders of ffmpeg: what it has for the same, at the same rate. */
const NATIVE: Readonly<Record<Format, readonly string[]>> = {
  mp3: ['-c:a', 'libmp3lame', '-b:a', '128k', '-f', 'mp3'],
  aac: ['-c:a', 'aac', '-b:a', '128k', '-f', 'mp4', '-movflags', 'empty_moov'],
  opus: ['-c:a', 'libopus', '-b:a', '96k', '-f', 'ogg'],
};

const { frames: spoken } = await loadSpeech(speechFiles.allison);
const said = Array.from(
  { length: SECONDS * 50 },
  (_, index) => spoken[index % spoken.length] ?? new Uint8Array(),
);
const decoders = await LibopusCodec.load();
const makers = await loadEncoders();
const pcm = decodedFrames();

function decodedFrames(): Float32Array[] {
  const decoder = decoders.takeDecoder(2);
  if (!decoder) throw new Error('no decoder is ready');
  return said.map((opus) => decoder.decode(opus).slice());
}

/** ms of CPU of this process. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** µs of CPU for each second of audio. */
function timed(work: () => void): number {
  const startMs = cpuMs();
  work();
  return (1000 * (cpuMs() - startMs)) / SECONDS;
}

function desk(format: Format): number {
  const one = new EncodingDesk({ decoders, makers });
  const packets = new ProgrammePackets(KEY, 5);
  const sealed = said.map((opus) => packets.next(opus));
  one.take({ type: 'start', job: 1, start: { key: KEY, format, title: '' } }, 0);
  const used = timed(() => {
    for (const [index, packet] of sealed.entries()) {
      one.receive(1, packet, index * FRAME_MS);
      one.run(index * FRAME_MS);
      one.report();
    }
  });
  one.take({ type: 'stop', job: 1 }, 0);
  return used;
}

function bare(format: Format): number {
  const encoder = makers[format](() => undefined, '');
  if (!encoder) throw new Error('no encoder is ready');
  const frames: ProgrammeFrame[] = said.map((opus, index) => ({
    opus,
    pcm: pcm[index] ?? new Float32Array(1920),
  }));
  const used = timed(() => {
    for (const frame of frames) encoder.encode(frame);
  });
  encoder.close();
  return used;
}

/** ffmpeg says itself what it used, its reading and its start included. */
function native(format: Format): number {
  const input = Buffer.concat(pcm.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)));
  const from = ['-f', 'f32le', '-ac', '2', '-ar', '48000', '-i', 'pipe:0'];
  const options = ['-benchmark', '-threads', '1', ...from, ...NATIVE[format], 'pipe:1'];
  const { stderr } = spawnSync('ffmpeg', options, { input, maxBuffer: 2 ** 28 });
  const [, user = 'NaN', system = 'NaN'] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr.toString()) ?? [];
  return ((Number(user) + Number(system)) * 1e6) / SECONDS;
}

async function printCosts(): Promise<void> {
  const rows: string[][] = [];
  for (const format of FORMATS) {
    // What is loaded only when it is wanted, and what the compiler learns.
    while (!makers[format](() => undefined, '')) await sleep(50);
    desk(format);
    const results: [number, number, number][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await sleep(100);
      results.push([desk(format), bare(format), native(format)]);
    }
    const [whole, alone, ffmpeg] = [0, 1, 2].map((way) =>
      median(results.map((result) => result[way] ?? NaN)),
    );
    const percent = `${((whole ?? NaN) / 10_000).toFixed(2)} %`;
    rows.push([format, `**${whole?.toFixed(0)}**`, percent, `${alone?.toFixed(0)}`, `${ffmpeg?.toFixed(0)}`]);
  }
  printTable(['', 'desk, µs a second', 'of a core', 'encoder alone', 'native ffmpeg'], rows);
}

const counters = new Counters();
const parts = {
  clock: systemClock,
  counters,
  log: { error: console.error },
  threadsMax: 1,
  perThread: 10_000,
};
const programmes = new MediaThreads({ ...parts, trade: PROGRAMME_TRADE });
const encodings = new MediaThreads({ ...parts, trade: ENCODING_TRADE });
let frameTimes: number[][] = [];
let pageTimes: number[][] = [];
let isMeasuring = false;

/** How much later each came than the best, in ms. @param offsets when each came, less its place in its stream */
function lateness(offsets: readonly number[]): number[] {
  const best = offsets.reduce((least, offset) => Math.min(least, offset), Infinity);
  return offsets.map((offset) => offset - best);
}

function beginProgramme(): void {
  const index = frameTimes.push([]) - 1;
  let first: number | undefined;
  programmes.begin(
    () => ({ key: KEY, ssrc: 5 }),
    (packet) => {
      const timestamp = readRtpMetadata(nonceOf(packet))?.timestamp ?? 0;
      first ??= timestamp;
      if (isMeasuring) frameTimes[index]?.push(performance.now() - ((timestamp - first) >>> 0) / 48);
    },
  );
}

interface Fed {
  readonly job: Job;
  readonly packets: ProgrammePackets;
}

function beginEncoding(format: Format): Fed {
  const index = pageTimes.push([]) - 1;
  let samples = 0;
  const job = encodings.begin(
    () => ({ key: KEY, format, title: '' }),
    (made) => {
      const page = readMadePage(made);
      samples += page?.samples ?? 0;
      if (isMeasuring && page) pageTimes[index]?.push(performance.now() - samples / 48);
    },
  );
  return { job, packets: new ProgrammePackets(KEY, index) };
}

/** On an absolute clock, each at its own moment. @returns what ends it */
function feed(all: readonly Fed[]): () => void {
  const startMs = performance.now();
  const next = all.map(() => 0);
  const timer = setInterval(() => {
    const nowMs = performance.now() - startMs;
    for (const [index, { job, packets }] of all.entries()) {
      for (
        ;
        (next[index] ?? 0) * FRAME_MS + ((index * 7.3) % FRAME_MS) <= nowMs;
        next[index] = (next[index] ?? 0) + 1
      ) {
        job.publish(packets.next(said[(next[index] ?? 0) % said.length] ?? new Uint8Array()));
      }
    }
  }, 2);
  return () => clearInterval(timer);
}

function ms(values: readonly number[]): string {
  return values.length === 0
    ? ''
    : [50, 99].map((percent) => percentile(values, percent).toFixed(1)).join(' / ');
}

async function measure(count: number, format: Format): Promise<string[]> {
  const fed = Array.from({ length: count }, () => beginEncoding(format));
  const stop = feed(fed);
  await sleep(WARM_UP_MS);
  const [before, startMs] = [cpuMs(), performance.now()];
  const late = counters.snapshot()['encoding-late'];
  const silent = counters.snapshot()['encoding-silence'];
  isMeasuring = true;
  await sleep(RUN_MS);
  isMeasuring = false;
  const used = (100 * (cpuMs() - before)) / (performance.now() - startMs);
  const frames = frameTimes.flatMap(lateness);
  const pages = pageTimes.flatMap(lateness);
  const counted = counters.snapshot();
  frameTimes = frameTimes.map(() => []);
  pageTimes = [];
  stop();
  for (const { job } of fed) job.stop();
  const lost = `${counted['encoding-silence'] - silent} / ${counted['encoding-late'] - late}`;
  return [`${used.toFixed(0)} %`, ms(pages), lost, ms(frames)];
}

async function printThreads(): Promise<void> {
  for (let index = 0; index < PROGRAMMES; index += 1) beginProgramme();
  const rows: string[][] = [['no encoding', ...(await measure(0, 'mp3'))]];
  for (const format of FORMATS) {
    for (const count of COUNTS) rows.push([`${count} × ${format}`, ...(await measure(count, format))]);
  }
  rows.push(['no encoding', ...(await measure(0, 'mp3'))]);
  printTable(
    [
      '',
      'process, of a core',
      'pages late by, ms p50 / p99',
      'silent / late frames',
      'programme late by, ms p50 / p99',
    ],
    rows,
  );
}

await printCosts();
await printThreads();
process.exit(0);
