/** A sound card that is not there: it takes sound in the pace of a true one, on machines that have none, and nobody hears it. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programOf } from './chromium.ts';

export interface SoundCard {
  /** What programs that play with PulseAudio need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @throws Error that says what to install, or what PulseAudio said before it ended */
export async function startSoundCard(): Promise<SoundCard> {
  const home = mkdtempSync(join(tmpdir(), 'guildcast-sound-'));
  const socket = join(home, 'native');
  const modules = [
    'module-null-sink rate=48000',
    `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
  ];
  const options = ['-n', '--daemonize=no', '--use-pid-file=no', '--exit-idle-time=-1', '--log-level=info'];
  const child = spawn(
    programOf(['pulseaudio'], 'pulseaudio'),
    [...options, ...modules.flatMap((module) => ['-L', module])],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], HOME: home } },
  );
  const gone = once(child, 'exit').then(() => rmSync(home, { recursive: true, force: true }));
  const words: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    words.push(line);
    if (line.includes('Daemon startup complete')) break;
  }
  // Read on, or it stands still when the pipe is full.
  child.stderr.resume();
  if (child.exitCode !== null) throw new Error(`PulseAudio did not start: ${words.join('\n')}`);
  return {
    env: { PULSE_SERVER: `unix:${socket}` },
    async close() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
