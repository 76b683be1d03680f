/**
 * What one datagram to one UDP listener costs the sender's CPU: the relay's engine, the same on plain dgram, and as
 * controls two C programs (sendmmsg, and a sendto for each listener) and a Rust one of the usual design.
 *
 * Every contender is a process on one core that takes a host's datagrams in and sends each on to all listeners. A C
 * program on the other core is the host and all the listeners; it checks that each of them gets every packet, in its
 * order. CPU time is the kernel's count for all threads of the contender, the kernel's send path included. The
 * contenders take turns; the first three rounds (one at a pace) warm up, compilers too, and are not counted.
 *
 * A turn is one packet of each speaker. It comes when all have the last one, or every so many ms, as audio does; then
 * the time from the first listener's packet to the last one's is measured too, by the kernel's clock on arrival.
 *
 * The listeners are awake all the time: on a network no sender pays for waking them either. On loopback it does when
 * they are asleep, as in most published figures.
 *
 * Usage: node bench/udp-fan-out.ts [listeners = 1000] [speakers = 1] [equal | mixed sizes] [ms a turn = 0]
 *        [rounds = 5] [awake | asleep]
 */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [LISTENERS = '1000', SPEAKERS = '1', SIZES = 'equal', TURN_MS = '0', ROUNDS = '5', STATE = 'awake'] =
  process.argv.slice(2);
const listeners = Number(LISTENERS);
const perTurn = listeners * Number(SPEAKERS);
const isPaced = Number(TURN_MS) > 0;
/** A round: 2 s at a pace, else so many datagrams that it takes some 0.3 s. */
const TURNS = isPaced ? Math.ceil(2000 / Number(TURN_MS)) : Math.max(20, Math.ceil(100_000 / perTurn));
const WARM_UP_ROUNDS = isPaced ? 1 : 3;
/** Below the system's own ports. */
const BASE_PORT = 20_000;
const SENDER_CORE = '0';
const RECEIVER_CORE = '1';
/** Beyond so many listeners the engine has workers: they are tried on both cores. */
const SHARDS_FROM = 3000;

const controls = join(import.meta.dirname, 'controls');
const folder = mkdtempSync(join(tmpdir(), 'udp-fan-out-'));

interface Contender {
  readonly name: string;
  readonly process: ChildProcess;
  readonly port: number;
  readonly microseconds: number[];
  readonly perSecond: number[];
  readonly spreadUs: number[];
  wrong: number;
}

interface Heard {
  readonly seconds: number;
  readonly datagrams: number;
  readonly wrong: number;
  readonly spreadUs: readonly number[];
}

/** A contender prints its port, or an object with it, once it is ready. */
async function start(name: string, command: readonly string[], cores = SENDER_CORE): Promise<Contender> {
  const child = spawn('taskset', ['-c', cores, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const ready = JSON.parse(line.toString()) as number | { port: number; bytesEach: number };
  if (typeof ready === 'object') console.log(`${name}: ${ready.bytesEach} bytes of memory a listener`);
  const port = typeof ready === 'object' ? ready.port : ready;
  return { name, process: child, port, microseconds: [], perSecond: [], spreadUs: [], wrong: 0 };
}

function startNode(name: string, options: object, cores?: string): Promise<Contender> {
  const server = join(import.meta.dirname, 'udp-fan-out-server.ts');
  const json = JSON.stringify({ ...options, isNeverLate: !isPaced });
  const command = [process.execPath, '--expose-gc', server, json, String(BASE_PORT), LISTENERS];
  return start(name, command, cores);
}

/** @returns the program, or undefined where there is no compiler for it */
function compiled(compiler: string, source: string): string | undefined {
  const program = join(folder, source.replace('.', '-'));
  const flags = compiler === 'cc' ? ['-O2'] : ['-O'];
  try {
    execFileSync(compiler, [...flags, '-o', program, join(controls, source)], { stdio: 'ignore' });
    return program;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function startAll(): Promise<Contender[]> {
  const c = compiled('cc', 'udp-relay.c') ?? '';
  const rust = compiled('rustc', 'udp-relay.rs');
  if (!rust) console.log('No rustc: the Rust control is left out.');
  const to = [String(BASE_PORT), LISTENERS];
  const all = [
    await start('C, sendmmsg', [c, 'sendmmsg', ...to]),
    await start('C, a sendto each', [c, 'sendto', ...to]),
    ...(rust ? [await start('Rust, a send_to each', [rust, ...to])] : []),
    await startNode('the engine', { engine: 'sendmmsg', shardsMax: 0 }),
    await startNode('the engine on dgram', { engine: 'dgram' }),
  ];
  if (listeners <= SHARDS_FROM) return all;
  const shards = { engine: 'sendmmsg', shardsMax: 1, shardBeyond: listeners / 2 };
  all.push(await startNode('the engine, half on a worker, both cores', shards, '0,1'));
  return all;
}

/** ns on a CPU, all threads together. */
function cpuOf({ process: { pid = 0 } }: Contender): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks)
    .map((task) => Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns);
}

async function measure(contender: Contender, program: string, isWarmUp: boolean): Promise<void> {
  const before = cpuOf(contender);
  const periodUs = Number(TURN_MS) * 1000;
  const settings = [contender.port, BASE_PORT, listeners, TURNS, SPEAKERS, SIZES, periodUs, STATE];
  const command = ['-c', RECEIVER_CORE, program, ...settings.map(String)];
  const { stdout } = await promisify(execFile)('taskset', command, { maxBuffer: 1 << 24 });
  const heard = JSON.parse(stdout) as Heard;
  contender.wrong += heard.wrong;
  if (isWarmUp) return;
  contender.microseconds.push((cpuOf(contender) - before) / 1000 / heard.datagrams);
  contender.perSecond.push(heard.datagrams / heard.seconds);
  contender.spreadUs.push(...heard.spreadUs);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

function print(contenders: readonly Contender[]): void {
  const pace = isPaced ? `every ${TURN_MS} ms` : 'when all have the last';
  console.log(
    `\n${LISTENERS} listeners, ${SPEAKERS} speakers, ${SIZES} sizes of about 160 bytes, a turn ${pace};`,
  );
  console.log(`listeners ${STATE}; medians of ${ROUNDS} rounds of ${TURNS} turns\n`);
  const spread = isPaced ? ' first to last, ms p50 | p99 |' : '';
  console.log(`| sender | µs CPU a datagram | × C, sendmmsg | datagrams/s | lost or out of order |${spread}`);
  console.log(`|---|---|---|---|---|${isPaced ? '---|---|' : ''}`);
  const control = quantile(contenders[0]?.microseconds ?? [], 0.5);
  for (const { name, microseconds, perSecond, spreadUs, wrong } of contenders) {
    const each = quantile(microseconds, 0.5);
    const ms = (share: number): string => (quantile(spreadUs, share) / 1000).toFixed(1);
    const figures = [
      name,
      each.toFixed(2),
      (control / each).toFixed(2),
      Math.round(quantile(perSecond, 0.5)),
      wrong,
    ];
    console.log(`| ${[...figures, ...(isPaced ? [ms(0.5), ms(0.99)] : [])].join(' | ')} |`);
  }
}

try {
  const program = compiled('cc', 'udp-listeners.c') ?? '';
  const contenders = await startAll();
  for (let round = -WARM_UP_ROUNDS; round < Number(ROUNDS); round += 1) {
    for (const contender of contenders) await measure(contender, program, round < 0);
  }
  print(contenders);
  for (const contender of contenders) contender.process.kill();
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
