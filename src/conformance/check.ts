/** What a check of the contract is, and how it says that a demand is broken. */
import type { Target } from './target.ts';

/** A check judges its one demand, and is lenient about what others judge, so that a fault is reported by its name. */
export interface Check {
  /** Of PROTOCOL.md. */
  readonly section: Section;
  /** A sentence that is true of every relay that keeps the contract; no two checks have the same. */
  readonly demand: string;
  /** Resolves when the demand is kept. @throws Broken, NotTried */
  run(target: Target): Promise<void>;
}

/** Sections of PROTOCOL.md. */
type Section =
  | '1 Accounts'
  | '2 REST'
  | '3 Audio'
  | '3 Nonces'
  | '3 Resume'
  | '4 Events'
  | '4 UDP'
  | '4 Programme'
  | '4 Retract'
  | '4 Podcast'
  | '5 Close codes'
  | '6 Limits';

/** A demand is broken: what the contract demands at this point, and what came instead. */
export class Broken extends Error {
  override readonly name = 'Broken';

  constructor(demanded: string, came: string) {
    super(`expected ${demanded}; ${came}`);
  }
}

/** A demand could not be tried, which says nothing about whether it is kept. */
export class NotTried extends Error {
  override readonly name = 'NotTried';
}

/** @param came what the relay did, as the second half of a sentence. @throws Broken unless the demand is kept */
export function must(isKept: boolean, demanded: string, came: string): asserts isKept {
  if (!isKept) throw new Broken(demanded, came);
}

/** A value of the wire as it is quoted in a sentence. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text;
}

const QUOTED_MAX = 160;
