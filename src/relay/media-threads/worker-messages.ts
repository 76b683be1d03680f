/** What the relay's thread and a thread that makes programmes or encodings say to each other. */
import type { CounterName } from '../counters.ts';

/** `Start` is what a thread has to know of a job, that is of one programme or encoding, to begin it. */
export type ToThread<Start> =
  | {
      readonly type: 'start';
      /** u32, of this job alone. */
      readonly job: number;
      readonly start: Start;
    }
  | { readonly type: 'stop'; readonly job: number }
  | {
      readonly type: 'retract';
      readonly job: number;
      /** Of the stream that is taken back. */
      readonly ssrc: number;
      /** What is made from now on is marked with it. */
      readonly generation: number;
    };

/** What goes to a thread: first of all its mailbox, where packets come, then what it has to know. */
export type Posted<Start> =
  | { readonly type: 'mailbox'; readonly memory: SharedArrayBuffer }
  | (ToThread<Start> & {
      /** What was put into the mailbox before: it comes first. */
      readonly writtenBytes: number;
    });

/** What was done since the last one; at most one a round of the thread's loop. */
export interface FromThread {
  /** PacketRecords of what was made, each marked with its job's generation. */
  readonly records: ArrayBuffer;
  /** Messages that wait no longer. */
  readonly takenMessages: number;
  /** What is to be added to the relay's counters; undefined for nothing. */
  readonly counts: ReadonlyMap<CounterName, number> | undefined;
  /** Why a job had to be begun anew; of several the last. */
  readonly fault: string | undefined;
}

/** ms that never go back, the same in every thread of the process: `performance.now` begins anew in each. */
export function sharedNowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
