/** Players that people listen with, run on an address: what sound they make of it, and what they say about it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { programOf } from './chromium.ts';

/** Beyond the sound's own time: for starting up, and for a player that reads ahead before it plays. */
const PATIENCE_MS = 40_000;
/** VLC refuses to be root; this is Debian's nobody. */
const NOBODY = 65_534;

export interface PlayOptions {
  /** Of sound; the player ends after them, or is ended some time later. */
  readonly seconds: number;
  /** Arguments more, before the address. */
  readonly args?: readonly string[];
}

export interface Ran {
  /** null when it had to be ended. */
  readonly exitStatus: number | null;
  readonly stdout: Buffer;
  /** What it said, of both streams when its sound goes elsewhere. */
  readonly words: string;
}

export interface Played extends Ran {
  /** Mono, ±1, 48 kHz. */
  readonly samples: Float32Array;
}

export interface Running {
  readonly pid: number;
  /** What it said so far, on stderr. */
  words(): string;
  /** Resolves when it has ended and all it said is there. */
  readonly ended: Promise<Ran>;
  /** Ends it at once. */
  stop(): void;
}

interface RunOptions {
  readonly apt: string;
  readonly timeoutMs: number;
  readonly asNobody?: boolean;
  readonly onFinished?: typeof onTestFinished;
}

/** A program with its output kept; ended after its time, or when the test has finished. @throws Error that says what to install */
export function run(program: string, args: readonly string[], options: RunOptions): Running {
  const { apt, timeoutMs, asNobody = false, onFinished = onTestFinished } = options;
  const { LANG: _, ...env } = process.env;
  const child = spawn(programOf([program], apt), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(asNobody && { uid: NOBODY, gid: NOBODY }),
    env: { ...env, ...(asNobody && { HOME: tmpdir() }) },
  });
  onFinished(() => void child.kill('SIGKILL'));
  const stdout: Buffer[] = [];
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  return {
    pid: child.pid ?? 0,
    words: () => words,
    ended: once(child, 'close').then(([status]) => ({
      exitStatus: status as number | null,
      stdout: Buffer.concat(stdout),
      words,
    })),
    stop: () => void child.kill('SIGKILL'),
  };
}

/** ffmpeg's decoders, in the pace in which the stream comes. */
export async function playInFfmpeg(url: string, { seconds, args = [] }: PlayOptions): Promise<Played> {
  const sound = ['-vn', '-t', String(seconds), '-ac', '1', '-ar', '48000', '-f', 'f32le', 'pipe:1'];
  const all = ['-nostdin', '-hide_banner', '-loglevel', 'info', '-nostats', ...args, '-i', url, ...sound];
  const ran = await run('ffmpeg', all, { apt: 'ffmpeg', timeoutMs: 1000 * seconds + PATIENCE_MS }).ended;
  return { ...ran, samples: samplesOf(ran.stdout) };
}

/** What ffprobe finds: streams, format, tags, as its JSON has them. @throws Error with its words when it finds nothing */
export async function probe(url: string, args: readonly string[] = []): Promise<Probe> {
  const all = ['-v', 'error', '-of', 'json', '-show_format', '-show_streams', ...args, url];
  const ran = await run('ffprobe', all, { apt: 'ffmpeg', timeoutMs: PATIENCE_MS }).ended;
  if (ran.exitStatus !== 0) throw new Error(`ffprobe ended with ${ran.exitStatus}: ${ran.words}`);
  return JSON.parse(ran.stdout.toString()) as Probe;
}

export interface Probe {
  readonly streams: readonly {
    readonly codec_name: string;
    readonly sample_rate: string;
    readonly channels: number;
    readonly tags?: Readonly<Record<string, string>>;
  }[];
  readonly format: { readonly format_name: string; readonly tags?: Readonly<Record<string, string>> };
}

/** mpv, which says the titles it reads, too. */
export async function playInMpv(url: string, { seconds, args = [] }: PlayOptions): Promise<Played> {
  return await playIntoFile(seconds, false, (file) => [
    'mpv',
    ['--no-config', '--no-video', '--no-input-terminal', '--msg-level=all=info,statusline=no'],
    ['--ao=pcm', `--ao-pcm-file=${file}`, '--ao-pcm-waveheader=no', '--audio-format=float'],
    ['--audio-samplerate=48000', '--audio-channels=mono', `--length=${seconds}`, ...args, url],
  ]);
}

/** VLC; its sound keeps the stream's sample rate, so ask it for streams of 48 kHz. */
export async function playInVlc(url: string, { seconds, args = [] }: PlayOptions): Promise<Played> {
  return await playIntoFile(seconds, process.getuid?.() === 0, (file) => [
    'vlc',
    ['-I', 'dummy', '--no-video', '--no-media-library', '--no-metadata-network-access', '--no-dbus'],
    ['--aout=afile', `--audiofile-file=${file}`, '--no-audiofile-wav', '--audiofile-format=float32'],
    ['--audiofile-channels=1', '--play-and-exit', `--run-time=${seconds}`, ...args, url, 'vlc://quit'],
  ]);
}

/** curl: headers in front of the body, as `-i` gives them. @param seconds after which it is ended: a live stream never ends */
export async function curl(url: string, { seconds, args = [] }: PlayOptions): Promise<Ran> {
  const all = ['-sS', '-i', '-N', '--max-time', String(seconds), ...args, url];
  return await run('curl', all, { apt: 'curl', timeoutMs: 1000 * seconds + PATIENCE_MS }).ended;
}

type Call = readonly [string, ...(readonly string[])[]];

async function playIntoFile(
  seconds: number,
  asNobody: boolean,
  callOf: (file: string) => Call,
): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), 'guildcast-player-'));
  if (asNobody) chmodSync(folder, 0o777);
  const file = join(folder, 'sound');
  const [program, ...args] = callOf(file);
  const apt = program === 'vlc' ? 'vlc-bin vlc-plugin-base' : program;
  const options = { apt, timeoutMs: 1000 * seconds + PATIENCE_MS, asNobody };
  try {
    const ran = await run(program, args.flat(), options).ended;
    const samples = existsSync(file) ? samplesOf(readFileSync(file)) : new Float32Array();
    return { ...ran, words: ran.stdout.toString() + ran.words, samples };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function samplesOf(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2);
}
