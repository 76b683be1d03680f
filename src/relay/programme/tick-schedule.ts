/** When each programme's next frame is due: on an absolute clock, so that late once is not late for ever. Pure. */

/** One frame of a programme. */
const FRAME_MS = 20;
/** Who is later than this has stood still: what is past is skipped, because a burst of old audio helps nobody. */
const STALL_MS = 200;

interface Course {
  readonly startMs: number;
  /** Frame `n` is due at `startMs + n × FRAME_MS`; the next one's number. */
  next: number;
}

/** @param skipped how many frames before this one fell to a stall @param dueMs when it should have come */
export type Tick<Item> = (item: Item, dueMs: number, skipped: number) => void;

export class TickSchedule<Item> {
  readonly #courses = new Map<Item, Course>();

  get size(): number {
    return this.#courses.size;
  }

  /** Its first frame is due in `FRAME_MS`. */
  add(item: Item, nowMs: number): void {
    this.#courses.set(item, { startMs: nowMs, next: 1 });
  }

  remove(item: Item): void {
    this.#courses.delete(item);
  }

  /**
   * Ticks whatever is due, each once, so that between two frames of one that has fallen behind there is time to read.
   * @param mayGoOn asked after each tick: whether there is to be another in this round
   * @returns ms until the next is due: 0 when one is already, undefined when there is none
   */
  run(nowMs: number, tick: Tick<Item>, mayGoOn: () => boolean = () => true): number | undefined {
    let nextMs = Infinity;
    let left = this.#courses.size;
    for (const [item, course] of this.#courses) {
      if (left === 0) break;
      left -= 1;
      if (dueOf(course) <= nowMs) {
        const skipped = skipStall(course, nowMs);
        const dueMs = dueOf(course);
        course.next += 1;
        // In the next round it is the others' turn first.
        this.#courses.delete(item);
        this.#courses.set(item, course);
        tick(item, dueMs, skipped);
        if (!mayGoOn()) return 0;
      }
      nextMs = Math.min(nextMs, dueOf(course));
    }
    return nextMs === Infinity ? undefined : Math.max(0, nextMs - nowMs);
  }
}

function dueOf({ startMs, next }: Course): number {
  return startMs + next * FRAME_MS;
}

function skipStall(course: Course, nowMs: number): number {
  const lateMs = nowMs - dueOf(course);
  if (lateMs <= STALL_MS) return 0;
  const skipped = Math.floor(lateMs / FRAME_MS);
  course.next += skipped;
  return skipped;
}
