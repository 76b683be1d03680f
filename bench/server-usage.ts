/** What a process uses, as Linux counts it (proc(5)). */
import { readFileSync, readdirSync } from 'node:fs';

/** ns on a CPU, of the threads whose name is chosen and of all others. */
export function threadsCpuNs(
  pid: number,
  isChosen: (name: string) => boolean,
): { readonly chosen: number; readonly others: number } {
  const used = { chosen: 0, others: 0 };
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${task}`;
    const name = readFileSync(`${folder}/comm`, 'utf8').trim();
    const ns = Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]);
    used[isChosen(name) ? 'chosen' : 'others'] += ns;
  }
  return used;
}

export function residentBytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return 1024 * Number(kilobytes);
}
