/** A thread of media that does what a test says. */
import { EventEmitter } from 'node:events';
import { PacketRecords } from '../../src/relay/media-threads/packet-records.ts';
import type { FromThread, ToThread } from '../../src/relay/media-threads/worker-messages.ts';

export class HandWorker<Start> extends EventEmitter {
  readonly messages: ToThread<Start>[] = [];
  isTerminated = false;

  postMessage(message: ToThread<Start>): void {
    this.messages.push(message);
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
    const report = { takenBytes: 0, takenMessages: 0, counts: undefined, fault: undefined };
    this.emit('message', { ...report, records: records.take() });
  }

  /** Reports frames of one byte each. */
  report(frames: readonly [job: number, generation: number, byte: number][], more: Partial<FromThread> = {}) {
    const records = new PacketRecords();
    for (const [job, generation, byte] of frames) records.add(job, generation, Uint8Array.of(byte));
    const nothing = { takenBytes: 0, takenMessages: 0, counts: undefined, fault: undefined };
    this.emit('message', { ...nothing, ...more, records: records.take() });
  }

  sent<Type extends ToThread<Start>['type']>(type: Type): Extract<ToThread<Start>, { type: Type }>[] {
    return this.messages.filter(
      (message): message is Extract<ToThread<Start>, { type: Type }> => message.type === type,
    );
  }
}
