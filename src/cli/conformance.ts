/** `guildcast conformance`: holds a relay against the contract. */
import type { Account } from '../conformance/target.ts';
import { exitStatusOf, report } from '../conformance/report.ts';
import { runChecks } from '../conformance/run.ts';
import { CHECKS } from '../conformance/suite.ts';

const REACH_MS = 5000;

export interface ConformanceOptions {
  /** http(s) URL. */
  readonly url: URL;
  readonly account: Account;
  readonly stranger?: Account | undefined;
  readonly out: Pick<NodeJS.WriteStream, 'write'>;
}

/** Prints a finding for each demand. @returns the process' exit status: 0 only when all are kept */
export async function conformance({ url, out, ...accounts }: ConformanceOptions): Promise<number> {
  const base = url.href.replace(/\/+$/, '');
  try {
    await fetch(`${base}/live`, { signal: AbortSignal.timeout(REACH_MS) });
  } catch {
    out.write(`Nothing answers at ${base}.\n`);
    return 1;
  }
  const findings = await runChecks(CHECKS, { url: base, ...accounts });
  out.write(`${report(findings).join('\n')}\n`);
  return exitStatusOf(findings);
}

/** `ID:SECRET`; undefined when it is not. */
export function readAccount(text: string): Account | undefined {
  const [, id, secret] = /^(\d{1,20}):(.+)$/.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}
