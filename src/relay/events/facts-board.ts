/** Tells the listeners of one podcast what there is to know of it: at first, when it has changed, and now and then (protocol.md §4, event 8). */
import { writeJsonEvent } from '../../protocol/json-events.ts';
import type { Channel, FactsChange } from '../channel.ts';
import type { Clock } from '../clock.ts';
import { factsOf } from '../podcast-facts.ts';

/** How long after one round the next may begin, by what has changed. How many listen changes all the time; a name that is taken back waits for nothing. */
const GAP_MS: Readonly<Record<FactsChange, number>> = {
  podcast: 1000,
  listeners: 5000,
  withdrawn: 0,
};
/** So often it is said again: pages do not see WebSocket pings, and by this they know a quiet podcast from a dead connection. */
const REPEAT_MS = 30_000;
/** So many are told before audio has its turn again. */
const TOLD_AT_ONCE = 100;

/** A listener that asked for all events. */
export interface FactsReader {
  /** @param event JSON, in UTF-8; the same bytes for everyone, never changed */
  tell(event: Buffer): void;
}

export class FactsBoard {
  readonly #channel: Channel;
  readonly #clock: Pick<Clock, 'nowMs' | 'after' | 'every'>;
  /** Which edition each has been told. */
  readonly #readers = new Map<FactsReader, number>();
  #json = '';
  /** `#json`, encoded once for all readers. */
  #event: Buffer | undefined;
  /** Counts what was written, and what is said again. */
  #edition = 0;
  #isStale = true;
  /** The edition of the last round, and when that was. */
  #toldEdition = 0;
  #toldMs = -Infinity;
  /** When the next round is due; undefined: nothing has changed. */
  #dueMs: number | undefined;
  /** The round under way; one that is left for a newer ends. */
  #round: IterableIterator<[FactsReader, number]> | undefined;
  /** Only while somebody listens. */
  #stopRepeating: (() => void) | undefined;

  constructor(channel: Channel, clock: Pick<Clock, 'nowMs' | 'after' | 'every'>) {
    this.#channel = channel;
    this.#clock = clock;
    channel.watchers.add((change) => this.#changed(change));
  }

  /** Tells a listener at once, and from then on. @returns what ends that */
  add(reader: FactsReader): () => void {
    this.#write();
    this.#readers.set(reader, this.#edition);
    if (this.#event) reader.tell(this.#event);
    this.#stopRepeating ??= this.#clock.every(REPEAT_MS, () => this.#repeat());
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      this.#stopRepeating?.();
      this.#stopRepeating = undefined;
    };
  }

  #changed(change: FactsChange): void {
    this.#isStale = true;
    if (this.#readers.size === 0) return;
    const nowMs = this.#clock.nowMs();
    const dueMs = Math.max(nowMs, this.#toldMs + GAP_MS[change]);
    if (this.#dueMs !== undefined && this.#dueMs <= dueMs) return;
    this.#dueMs = dueMs;
    // Also what is due now waits for its turn: what changes in one go is told in one.
    this.#clock.after(dueMs - nowMs, () => this.#begin(dueMs));
  }

  #begin(dueMs: number): void {
    if (dueMs !== this.#dueMs) return;
    this.#dueMs = undefined;
    if (this.#readers.size === 0) return;
    this.#write();
    if (this.#edition !== this.#toldEdition) this.#tellAll();
  }

  #repeat(): void {
    // Of one that is over nothing is said any more.
    if (!factsOf(this.#channel)) return;
    this.#write();
    this.#edition += 1;
    this.#tellAll();
  }

  #tellAll(): void {
    this.#toldEdition = this.#edition;
    this.#toldMs = this.#clock.nowMs();
    this.#round = this.#readers.entries();
    this.#tellSome(this.#round);
  }

  #tellSome(round: IterableIterator<[FactsReader, number]>): void {
    if (round !== this.#round) return;
    let told = 0;
    for (const [reader, edition] of round) {
      if (edition === this.#edition) continue;
      this.#readers.set(reader, this.#edition);
      if (this.#event) reader.tell(this.#event);
      told += 1;
      if (told === TOLD_AT_ONCE) return this.#clock.after(0, () => this.#tellSome(round));
    }
    this.#round = undefined;
  }

  /** Nothing is written anew unless something has changed. */
  #write(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const facts = factsOf(this.#channel);
    const json = facts && writeJsonEvent({ type: 'podcast', facts });
    if (json === undefined || json === this.#json) return;
    this.#json = json;
    this.#event = Buffer.from(json);
    this.#edition += 1;
  }
}
