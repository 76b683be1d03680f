/** The shared memory through which the event loop's thread gives a worker one job at a time, and takes it back. */
import type { SendCalls } from './libc.ts';

//  Int32     0       1        2      3       4       5        6         8
//            +-------+--------+------+-------+-------+--------+---------+
//            | state | cancel | sent | errno | count | number | headers |   headers: an address, Float64
//            +-------+--------+------+-------+-------+--------+---------+
const STATE = 0;
const CANCEL = 1;
const SENT = 2;
const ERRNO = 3;
const COUNT = 4;
const NUMBER = 5;
const HEADERS_BYTE_OFFSET = 24;
const CONTROL_BYTES = 32;

const IDLE = 0;
const RUNNING = 1;
const CLOSED = 2;

/** What a worker may send in one system call: so long at most it keeps who wants the job back waiting. */
const CALL_MESSAGES = 64;
/** A call takes 0.2 ms: a worker that is not back after so long is no more, and its exit is about to be told. */
const DEAD_MS = 10_000;
const EFAULT = 14;

export interface JobResult {
  readonly sent: number;
  /** Why the next one was not sent; 0 when nothing failed. */
  readonly errno: number;
}

/** The event loop's side. */
export class ShardControl {
  readonly memory = new SharedArrayBuffer(CONTROL_BYTES);
  readonly #words = new Int32Array(this.memory);
  readonly #headers = new Float64Array(this.memory, HEADERS_BYTE_OFFSET, 1);

  /**
   * Only when the last job is over.
   * @param headers the address of `count` mmsghdr, which stay as they are until the job is over
   * @returns the job's number, by which the worker reports its end
   */
  start(headers: number, count: number): number {
    this.#headers[0] = headers;
    this.#words[COUNT] = count;
    this.#words[CANCEL] = 0;
    const number = Atomics.add(this.#words, NUMBER, 1) + 1;
    Atomics.store(this.#words, STATE, RUNNING);
    Atomics.notify(this.#words, STATE);
    return number;
  }

  /** Ends the job under way, and waits for that: one system call at most. */
  cancel(): void {
    Atomics.store(this.#words, CANCEL, 1);
    if (Atomics.wait(this.#words, STATE, RUNNING, DEAD_MS) !== 'timed-out') return;
    Atomics.store(this.#words, SENT, 0);
    Atomics.store(this.#words, ERRNO, 0);
  }

  /** What came of the job, once it is over. */
  result(): JobResult {
    return { sent: Atomics.load(this.#words, SENT), errno: Atomics.load(this.#words, ERRNO) };
  }

  /** Has the worker end, once its job is over. */
  close(): void {
    Atomics.store(this.#words, STATE, CLOSED);
    Atomics.notify(this.#words, STATE);
  }
}

/**
 * The worker's side: does one job after the other until the control is closed.
 * @param headerBytes from one mmsghdr to the next
 * @param report tells the event loop's thread the number of a job that is over
 */
export function serveJobs(
  memory: SharedArrayBuffer,
  calls: Pick<SendCalls, 'sendmmsg'>,
  headerBytes: number,
  report: (number: number) => void,
): void {
  const words = new Int32Array(memory);
  const headers = new Float64Array(memory, HEADERS_BYTE_OFFSET, 1);
  for (;;) {
    Atomics.wait(words, STATE, IDLE);
    if (Atomics.load(words, STATE) === CLOSED) return;
    const number = Atomics.load(words, NUMBER);
    doJob(words, headers[0] ?? 0, calls, headerBytes);
    Atomics.store(words, STATE, IDLE);
    Atomics.notify(words, STATE);
    report(number);
  }
}

function doJob(
  words: Int32Array,
  headers: number,
  calls: Pick<SendCalls, 'sendmmsg'>,
  headerBytes: number,
): void {
  const count = Atomics.load(words, COUNT);
  let sent = 0;
  let result = 0;
  // At least one call: who takes jobs back again and again must not stop the audio.
  do {
    try {
      result = calls.sendmmsg(headers + sent * headerBytes, Math.min(CALL_MESSAGES, count - sent));
    } catch {
      // Whoever waits for the job must never wait in vain.
      result = -EFAULT;
    }
    sent += Math.max(0, result);
  } while (sent < count && result >= 0 && Atomics.load(words, CANCEL) === 0);
  Atomics.store(words, SENT, sent);
  Atomics.store(words, ERRNO, result < 0 ? -result : 0);
}
