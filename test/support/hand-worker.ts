/** A thread of media that does what a test says. */
import { EventEmitter } from 'node:events';
import { MailReader } from '../../src/relay/media-threads/mailbox.ts';
import { PacketRecords } from '../../src/relay/media-threads/packet-records.ts';
import type { FromThread, Posted, ToThread } from '../../src/relay/media-threads/worker-messages.ts';

/** What was in the mailbox. */
interface Mailed {
  readonly type: 'packet';
  readonly job: number;
  readonly packet: Uint8Array;
  readonly atMs: number;
}

type Got<Start> = ToThread<Start> | Mailed;

export class HandWorker<Start> extends EventEmitter {
  isTerminated = false;
  /** Whether it leaves what is in its mailbox there. */
  isStill = false;
  readonly #got: Got<Start>[] = [];
  #mail: MailReader | undefined;

  postMessage(posted: Posted<Start>): void {
    if (posted.type === 'mailbox') {
      this.#mail = new MailReader(posted.memory);
      return;
    }
    const { writtenBytes, ...message } = posted;
    this.#readMail(writtenBytes);
    this.#got.push(message);
  }

  /** Messages and packets, in the order in which a thread takes them. */
  get messages(): Got<Start>[] {
    this.#readMail();
    return this.#got;
  }

  #readMail(untilBytes?: number): void {
    if (this.isStill) return;
    this.#mail?.read((job, packet, atMs) => {
      this.#got.push({ type: 'packet', job, packet: packet.slice(), atMs });
    }, untilBytes);
  }

  terminate(): Promise<number> {
    this.isTerminated = true;
    this.emit('exit', 1);
    return Promise.resolve(1);
  }

  /** Reports what one job has made. */
  made(job: number, generation: number, made: Uint8Array): void {
    const records = new PacketRecords();
    records.add(job, generation, made);
    const report = { takenMessages: 0, counts: undefined, fault: undefined };
    this.emit('message', { ...report, records: records.take() });
  }

  /** Reports frames of one byte each. */
  report(frames: readonly [job: number, generation: number, byte: number][], more: Partial<FromThread> = {}) {
    const records = new PacketRecords();
    for (const [job, generation, byte] of frames) records.add(job, generation, Uint8Array.of(byte));
    const nothing = { takenMessages: 0, counts: undefined, fault: undefined };
    this.emit('message', { ...nothing, ...more, records: records.take() });
  }

  sent<Type extends Got<Start>['type']>(type: Type): Extract<Got<Start>, { type: Type }>[] {
    return this.messages.filter(
      (message): message is Extract<Got<Start>, { type: Type }> => message.type === type,
    );
  }
}
