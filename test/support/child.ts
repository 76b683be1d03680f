/** A program of this project in a process of its own, as its user starts it. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Child {
  readonly process: ChildProcess;
  /** Everything it has printed, on both streams. */
  output(): string;
  /** Resolves with the match once the output has it. @throws Error with the output when it ends without, or after 20 s */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with its exit status, null when a signal killed it. */
  readonly exited: Promise<number | null>;
}

/** A program of this project, by its file. Killed when the test has finished. */
export function startChild(args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  return watched(spawn(process.execPath, args, optionsWith(env)));
}

/** `npm start`, at the head of a process group of its own, as a terminal starts it. Killed when the test has finished. */
export function startNpm(env: Readonly<Record<string, string>>): Child {
  return watched(spawn('npm', ['start'], { ...optionsWith(env), detached: true }));
}

function optionsWith(env: Readonly<Record<string, string>>) {
  const stdio = ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'];
  return { cwd: ROOT, env: { PATH: process.env['PATH'], ...env }, stdio };
}

function watched(child: ChildProcessByStdio<null, Readable, Readable>): Child {
  let output = '';
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
    child.emit('printed');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = once(child, 'close').then(([status]) => status as number | null);
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    process: child,
    output: () => output,
    exited,
    async prints(pattern) {
      const giveUp = AbortSignal.timeout(20_000);
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        const isOver = child.exitCode !== null || giveUp.aborted;
        if (isOver) throw new Error(`it never printed ${String(pattern)}, only:\n${output}`);
        await Promise.race([once(child, 'printed', { signal: giveUp }), exited]).catch(() => undefined);
      }
    },
  };
}
