/** Keeps what a page was for a second: everyone who has the list of what is live open asks for it again and again. */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';

const KEPT_MS = 1000;
/** One for each language and each address under which the relay is asked; nobody has a use for more. */
const KEPT_MOST = 100;
const TAG_CHARACTERS = 22;

export interface WrittenPage {
  readonly text: string;
  /** Another one for another text (RFC 9110 §8.8.3). */
  readonly etag: string;
}

export class KeptPages {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #pages = new Map<string, { readonly page: WrittenPage; readonly untilMs: number }>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** @param kind what tells it from others that are kept @param write makes it where it is not kept, or not any more */
  of(kind: string, write: () => string): WrittenPage {
    const nowMs = this.#clock.nowMs();
    const kept = this.#pages.get(kind);
    if (kept && nowMs < kept.untilMs) return kept.page;
    if (this.#pages.size >= KEPT_MOST) this.#pages.clear();
    const page = writtenPage(write());
    this.#pages.set(kind, { page, untilMs: nowMs + KEPT_MS });
    return page;
  }
}

export function writtenPage(text: string): WrittenPage {
  const hash = createHash('sha256').update(text).digest('base64url');
  return { text, etag: `"${hash.slice(0, TAG_CHARACTERS)}"` };
}
