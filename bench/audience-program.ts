/** The whole program of `audience` in a process of its own: says what it has spent, and what it could not send. */
import { startForParent } from './own-process.ts';

export interface Spent {
  /** CPU of all threads, µs. */
  readonly cpuUs: number;
  readonly audiences: number;
  readonly tuned: number;
  /** Over all audiences. */
  readonly frames: number;
  readonly drops: number;
  readonly memoryMb: number;
}

// Each audience looks its podcast up, and here they all do within a minute.
const program = await startForParent({ REST_REQUESTS_PER_MINUTE: '100000' });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { audiences } = program.bot;
  const all = audiences.all().map((audience) => audience.status());
  const spent: Spent = {
    cpuUs: user + system,
    audiences: all.length,
    tuned: audiences.tuned,
    frames: sum(all.map(({ frames }) => frames)),
    drops: sum(all.flatMap(({ drops }) => Object.values(drops))),
    memoryMb: process.memoryUsage.rss() / 2 ** 20,
  };
  process.send?.(spent);
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
