/** Podcasts without a host that several checks look at, because the REST calls of a minute are limited. */
import type { Answer } from './answer.ts';

/** A relay may be set to wait for a sender only this long: what is older is made anew. */
const STANDS_MS = 5000;

interface Made {
  readonly answer: Promise<Answer>;
  readonly sinceMs: number;
}

export class Standing {
  readonly #made = new Map<string, Made>();
  readonly #ids = new Set<number>();

  /** The answer to the call that made it: by `make`, unless another check had it made lately. */
  answer(visibility: string, make: () => Promise<Answer>): Promise<Answer> {
    const known = this.#made.get(visibility);
    if (known && Date.now() - known.sinceMs < STANDS_MS) return known.answer;
    const answer = make();
    this.#made.set(visibility, { answer, sinceMs: Date.now() });
    answer.then(
      ({ fields }) => this.#ids.add(Number(fields['id'])),
      () => this.#made.delete(visibility),
    );
    return answer;
  }

  /** Of all that were made. */
  get ids(): readonly number[] {
    return [...this.#ids];
  }
}
