/** Runs checks against a relay: several at a time, each with a time limit, none able to end the run. */
import { type Check, NotTried } from './check.ts';
import { Standing } from './standing.ts';
import { Target, type TargetOptions } from './target.ts';

/** A relay that is alive answers in milliseconds; this is for one at the other end of the world that is busy. */
const CHECK_MS = 5000;
const CLEAN_UP_MS = 2000;
/** Few enough that a relay's limits for one account are not met by accident. */
const AT_A_TIME = 4;

export type Outcome =
  | { readonly result: 'kept' }
  /** `sentence`: what was demanded, and what was seen instead. */
  | { readonly result: 'broken'; readonly sentence: string }
  /** `sentence`: what it would take. */
  | { readonly result: 'not tried'; readonly sentence: string };

export type Finding = Pick<Check, 'section' | 'demand'> & Outcome;

export interface RunOptions extends TargetOptions {
  /** How long one check may take. */
  readonly checkMs?: number;
}

/**
 * Never rejects because of what the relay does, and takes at most the time limit for each check.
 * @returns a finding for each check, in their order
 */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<Finding[]> {
  const standing = new Standing();
  const outcomes = new Map<Check, Outcome>();
  const queue = [...checks];
  const work = async (): Promise<void> => {
    for (let check = queue.shift(); check; check = queue.shift()) {
      outcomes.set(check, await outcomeOf(check, options, standing));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  await new Target(options, AbortSignal.timeout(CLEAN_UP_MS), standing).end(standing.ids);
  return checks.map((check) => {
    const { section, demand } = check;
    return { section, demand, ...(outcomes.get(check) ?? { result: 'not tried', sentence: '' }) };
  });
}

async function outcomeOf(check: Check, options: RunOptions, standing: Standing): Promise<Outcome> {
  const timeUp = AbortSignal.timeout(options.checkMs ?? CHECK_MS);
  const target = new Target(options, timeUp, standing);
  try {
    await check.run(target);
    return { result: 'kept' };
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    return { result: error instanceof NotTried ? 'not tried' : 'broken', sentence };
  } finally {
    await target.cleanUp(AbortSignal.timeout(CLEAN_UP_MS)).catch(() => undefined);
  }
}
