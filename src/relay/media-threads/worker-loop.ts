/** The loop of a thread that makes programmes or encodings: brings whoever makes them the messages and the time. */
import { parentPort } from 'node:worker_threads';
import { MailReader } from './mailbox.ts';
import { type FromThread, type Posted, sharedNowMs, type ToThread } from './worker-messages.ts';

/** All jobs of one thread. Times are by `sharedNowMs`. */
export interface Workshop<Start> {
  take(message: ToThread<Start>, nowMs: number): void;
  /** @param packet `1 ‖ nonce ‖ sealed`, not kept @param atMs when it came */
  receive(job: number, packet: Uint8Array, atMs: number): void;
  /** Makes what is due. @returns ms until the next is due: 0 when one is already, undefined when there is nothing to make */
  run(nowMs: number): number | undefined;
  /** What was done since the last report; undefined when that is nothing. */
  report(): FromThread | undefined;
}

/** Works until the thread is ended. */
export function runWorkshop<Start>(workshop: Workshop<Start>): void {
  let timer: NodeJS.Timeout | undefined;
  let deferred: NodeJS.Immediate | undefined;
  let mail: MailReader | undefined;
  const receive = workshop.receive.bind(workshop);

  parentPort?.on('message', (posted: Posted<Start>) => {
    if (posted.type === 'mailbox') {
      mail = new MailReader(posted.memory);
      return;
    }
    mail?.read(receive, posted.writtenBytes);
    workshop.take(posted, sharedNowMs());
    clearTimeout(timer);
    ring();
  });

  function run(): void {
    deferred = undefined;
    mail?.read(receive);
    const waitMs = workshop.run(sharedNowMs());
    const report = workshop.report();
    if (report) parentPort?.postMessage(report, [report.records]);
    if (waitMs === 0) deferred = setImmediate(run);
    // Timers count whole ms: rounded down, one would ring too early and have to be set again.
    else if (waitMs !== undefined) timer = setTimeout(ring, Math.ceil(waitMs));
  }

  /** Messages that came while the thread stood still are taken before anything is made in the place of what they bring. */
  function ring(): void {
    timer = undefined;
    deferred ??= setImmediate(run);
  }
}
