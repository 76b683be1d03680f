/**
 * What a second of radio costs the sender's CPU for each listener: the whole relay, and Debian's icecast2 as the control.
 *
 * Both are processes on one core; this process, on the other, is the host (recorded speech), all the listeners of both, and the
 * source of icecast2, which it gives the very bytes that the relay's stream gives, page by page as they come. Both play all the
 * time, so that every second is the same for both, and both are warm before it counts. CPU time is the kernel's count for all threads; the relay's worker threads,
 * which make the programme and its MP3 once for all listeners, are a line of their own, because icecast2 makes neither, and
 * what its source would need for it is in nobody's figure. That line has the sum, too.
 *
 * Some listeners keep what they hear: it must be a piece of what the source sent, without a gap.
 *
 * Usage: node bench/radio.ts [listeners = 1000] [rounds = 5] [seconds a round = 10]
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostPodcast } from '../src/client/podcast-host.ts';
import { median, printTable } from './figures.ts';
import { startIcecast } from './icecast.ts';
import type { ServerReady } from './programmes-server.ts';
import { RadioListener, type StreamAddress } from './radio-listener.ts';
import { residentBytes, threadsCpuNs } from './server-usage.ts';
import { startTalking } from './talking.ts';

const [LISTENERS = 1000, ROUNDS = 5, SECONDS = 10] = process.argv.slice(2).map(Number);
const SERVER_CORE = '0';
const LISTENER_CORE = '1';
const CONNECTING_AT_ONCE = 50;
/** Of 128 kbit/s. */
const BYTES_PER_SECOND = 16_000;
/** What each writes at once to a listener: the relay a page of 168 ms, icecast2 blocks of its own (`strace -e trace=sendto`). */
const RELAY_BLOCK_BYTES = 2688;
const ICECAST_BLOCK_BYTES = 1400;
/** Until V8 has compiled what is called often: before, its compilers' threads are a fourth of what the relay uses. */
const WARM_UP_MS = 30_000;
/** One in so many keeps what it hears. */
const KEEPING = 50;
/** Threads that work once for all listeners, by their name in /proc. */
const isWorker = (name: string): boolean => name === 'WorkerThread';

interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly blockBytes: number;
  readonly address: StreamAddress;
  readonly figures: number[];
  readonly listeners: RadioListener[];
}

async function fill({ pid, address, listeners }: Contender): Promise<number> {
  const before = residentBytes(pid);
  while (listeners.length < LISTENERS) {
    const count = Math.min(CONNECTING_AT_ONCE, LISTENERS - listeners.length);
    const coming = Array.from({ length: count }, (_, index) =>
      RadioListener.open(address, (listeners.length + index) % KEEPING === 0),
    );
    listeners.push(...(await Promise.all(coming)));
  }
  await sleep(3000);
  return (residentBytes(pid) - before) / LISTENERS;
}

function heardBytes({ listeners }: Contender): number {
  return listeners.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** @throws Error when one heard anything else than what the source sent */
function check({ name, listeners }: Contender, said: Buffer): number {
  const kept = listeners.filter(({ keeps }) => keeps);
  for (const listener of kept) {
    const heard = listener.kept();
    // The source has no more than what came to it; a listener may be a page ahead.
    const sure = heard.subarray(0, Math.max(0, heard.length - BYTES_PER_SECOND));
    if (sure.length === 0 || said.indexOf(sure) < 0) throw new Error(`A listener of ${name} has a gap.`);
  }
  return kept.length;
}

async function main(): Promise<void> {
  execFileSync('taskset', ['-pc', LISTENER_CORE, String(process.pid)], { stdio: 'ignore' });
  const relay = fork(new URL('programmes-server.ts', import.meta.url), {
    execPath: 'taskset',
    execArgv: ['-c', SERVER_CORE, process.execPath],
  });
  process.once('exit', () => relay.kill());
  process.once('SIGTERM', () => process.exit(1));
  const [{ url, account }] = (await once(relay, 'message')) as [ServerReady];
  const host = await hostPodcast({ relay: url, account });
  await startTalking(host);
  const ours: StreamAddress = { port: Number(new URL(url).port), path: `/p/${host.podcast.id}/live.mp3` };
  const icecast = await startIcecast(SERVER_CORE, LISTENERS);
  try {
    const feed = await RadioListener.open(ours, true);
    await icecast.feed(feed.socket);
    await sleep(4000);
    const contenders = [
      { name: 'the relay', pid: relay.pid ?? 0, address: ours, blockBytes: RELAY_BLOCK_BYTES },
      { name: 'icecast2', pid: icecast.pid, address: icecast.address, blockBytes: ICECAST_BLOCK_BYTES },
    ].map((what): Contender => ({ ...what, figures: [], listeners: [] }));
    const memory: number[] = [];
    for (const contender of contenders) memory.push(await fill(contender));
    const workers: number[] = [];
    await sleep(WARM_UP_MS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = contenders.map((contender) => ({
        cpu: threadsCpuNs(contender.pid, isWorker),
        bytes: heardBytes(contender),
      }));
      await sleep(SECONDS * 1000);
      for (const [index, contender] of contenders.entries()) {
        const cpu = threadsCpuNs(contender.pid, isWorker);
        const was = before[index];
        if (!was) continue;
        const seconds = (heardBytes(contender) - was.bytes) / BYTES_PER_SECOND;
        contender.figures.push((cpu.others - was.cpu.others) / 1000 / seconds);
        if (index === 0) workers.push((cpu.chosen - was.cpu.chosen) / 1e9 / SECONDS);
      }
    }
    const said = feed.kept();
    const checked = contenders.map((contender) => check(contender, said));
    for (const { socket } of contenders.flatMap(({ listeners }) => listeners)) socket.destroy();
    await sleep(2000);
    const before = contenders.map(({ pid }) => threadsCpuNs(pid, isWorker).others);
    await sleep(SECONDS * 1000);
    const aloneMs = contenders.map(
      ({ pid }, index) => (threadsCpuNs(pid, isWorker).others - (before[index] ?? 0)) / 1e6 / SECONDS,
    );
    report({ contenders, memory, workers: median(workers), checked, aloneMs });
  } finally {
    await icecast.close();
  }
}

interface Results {
  readonly contenders: readonly Contender[];
  /** Bytes a listener. */
  readonly memory: readonly number[];
  /** Cores. */
  readonly workers: number;
  /** How many listeners were compared byte by byte. */
  readonly checked: readonly number[];
  /** ms of CPU a second with nobody but the feed, or the source: cold, as whoever has little to do is. */
  readonly aloneMs: readonly number[];
}

function report({ contenders, memory, workers, checked, aloneMs }: Results): void {
  const control = median(contenders[1]?.figures ?? []);
  console.log(
    `\n${LISTENERS} listeners each, 128 kbit/s MP3, medians of ${ROUNDS} rounds of ${SECONDS} s; ${checked.join(' and ')} listeners heard every byte\n`,
  );
  printTable(
    [
      'sender',
      'µs CPU a listener and second',
      '× icecast2',
      'bytes a write',
      'µs a write',
      'without listeners, ms a second',
      'RSS a listener, KB',
      'rounds',
    ],
    contenders.map(({ name, figures, blockBytes }, index) => {
      const figure = median(figures);
      return [
        name,
        figure.toFixed(1),
        (figure / control).toFixed(2),
        String(blockBytes),
        ((figure * blockBytes) / BYTES_PER_SECOND).toFixed(2),
        (aloneMs[index] ?? NaN).toFixed(1),
        ((memory[index] ?? 0) / 1024).toFixed(1),
        figures.map((value) => value.toFixed(0)).join(' '),
      ];
    }),
  );
  const all = median(contenders[0]?.figures ?? []) + (1e6 * workers) / LISTENERS;
  console.log(
    `\nOnce for all, on the relay's worker threads (programme and MP3): ${(100 * workers).toFixed(1)} % of a core. With them ${all.toFixed(1)} µs, ${(all / control).toFixed(2)} × icecast2`,
  );
}

await main();
process.exit();
