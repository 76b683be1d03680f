/**
 * A lane whose system calls are made by a worker thread. Everything else stays on the event loop's thread: the queue,
 * the headers, what is late and what an error means. The worker is given the address of some headers, sends, and
 * reports; descriptors and addresses hold for the whole process.
 *
 * One job at a time, so each destination, which has one lane for good, gets its packets in order. To change what the
 * worker may be reading, `settle` takes the job back first: that waits for one system call at most.
 */
import { type EventEmitter, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Fan } from './fan.ts';
import { type Lane, NO_ROOM_RETRY_MS, type Scheduler, SendLoop, SLICE_MESSAGES } from './send-loop.ts';
import { ShardControl } from './shard-control.ts';
import type { ShardWorkerData } from './shard-worker.ts';

interface Job {
  readonly fan: Fan;
  readonly number: number;
}

export class ShardLane implements Lane {
  size = 0;
  readonly callSlots = SLICE_MESSAGES;
  readonly #scheduler: Scheduler;
  readonly #control: ShardControl;
  readonly #exited: Promise<void>;
  readonly #ready = new Set<Fan>();
  /** Nothing is to be begun before its time: the end of this turn, or the next try. */
  #waits = false;
  #callOffRetry: (() => void) | undefined;
  #job: Job | undefined;
  #closed = false;
  /** Once the worker is lost. */
  #instead: SendLoop | undefined;

  /** @param worker serves the control's jobs, and reports the number of each */
  constructor(scheduler: Scheduler, control: ShardControl, worker: EventEmitter) {
    this.#scheduler = scheduler;
    this.#control = control;
    this.#exited = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#takeOver();
        resolve();
      });
    });
    worker.on('message', (number: number) => {
      if (this.#job?.number === number) this.#finish();
    });
    // An exit follows.
    worker.on('error', () => undefined);
  }

  /** @throws Error when the worker cannot start */
  static async start(fd: number, scheduler: Scheduler): Promise<ShardLane> {
    const control = new ShardControl();
    const data: ShardWorkerData = { fd, memory: control.memory };
    const worker = new Worker(new URL('shard-worker.ts', import.meta.url), { workerData: data });
    await once(worker, 'message');
    return new ShardLane(scheduler, control, worker);
  }

  count(change: number): void {
    this.size += change;
  }

  wake(fan: Fan): void {
    if (this.#instead) return this.#instead.wake(fan);
    this.#ready.add(fan);
    if (this.#waits || this.#job || this.#closed) return;
    this.#waits = true;
    this.#scheduler.defer(this.#next);
  }

  settle(fan: Fan): void {
    if (this.#job?.fan !== fan) return;
    this.#control.cancel();
    this.#finish();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#callOffRetry?.();
    if (this.#job) this.settle(this.#job.fan);
    this.#ready.clear();
    this.#control.close();
    await this.#exited;
    await this.#instead?.close();
  }

  readonly #next = (): void => {
    this.#waits = false;
    if (this.#closed || this.#job || this.#instead) return;
    const nowMs = this.#scheduler.nowMs();
    for (const fan of this.#ready) {
      const left = fan.prepare(nowMs);
      const job = left === 0 ? undefined : fan.wire.job(fan.slot, left);
      this.#ready.delete(fan);
      if (!job) continue;
      // It comes last when its turn comes again.
      this.#ready.add(fan);
      this.#job = { fan, number: this.#control.start(job.headers, job.slots) };
      return;
    }
  };

  #finish(): void {
    const fan = this.#job?.fan;
    if (!fan) return;
    this.#job = undefined;
    const { sent, errno } = this.#control.result();
    if (sent > 0) fan.account(sent);
    const hasRoom = errno === 0 || fan.account(-errno);
    if (this.#closed) return;
    this.#waits = true;
    if (hasRoom) return this.#scheduler.defer(this.#next);
    this.#callOffRetry = this.#scheduler.after(NO_ROOM_RETRY_MS, this.#next);
  }

  /** The worker is no more: its destinations are sent to from this thread, or not at all once the lane is closed. */
  #takeOver(): void {
    if (this.#closed) return;
    this.#job = undefined;
    this.#instead = new SendLoop(this.#scheduler);
    for (const fan of this.#ready) this.#instead.wake(fan);
    this.#ready.clear();
  }
}
