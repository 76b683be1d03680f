/** All programmes of one worker thread: what its messages mean, and what is made when. Neither thread nor clock. */
import { LiveProgramme } from './live-programme.ts';
import { PacketRecords, readPacketRecords } from './packet-records.ts';
import type { ProgrammeEngine } from './programme-engine.ts';
import { TickSchedule } from './tick-schedule.ts';
import { type FromWorker, PROGRAMME_LOSSES, type ProgrammeLosses, type ToWorker } from './worker-messages.ts';

const NO_LOSSES = lossesOf(() => 0);

/** Programmes begin in slots, so that many are made in one round and their frames go back in one message. */
const SLOT_MS = 4;

export interface StudioOptions {
  readonly makeEngine: () => ProgrammeEngine;
  /** u32, unpredictable. */
  readonly random: () => number;
  /** What all engines have lost up to now; they write it. */
  readonly losses?: ProgrammeLosses;
  /** Asked after each frame: whether there is all that the next one may need. If not, it is made in the next round. */
  readonly isReady?: () => boolean;
}

export class Studio {
  readonly #options: StudioOptions;
  readonly #programmes = new Map<number, LiveProgramme>();
  readonly #schedule = new TickSchedule<number>();
  readonly #frames = new PacketRecords();
  #takenBytes = 0;
  #takenMessages = 0;
  #unopened = 0;
  #skipped = 0;
  #fault: string | undefined;
  #reportedLosses = NO_LOSSES;

  constructor(options: StudioOptions) {
    this.#options = options;
  }

  take(message: ToWorker, nowMs: number): void {
    this.#takenMessages += 1;
    switch (message.type) {
      case 'start':
        this.#programmes.set(message.programme, new LiveProgramme({ ...message, ...this.#options }));
        this.#schedule.add(message.programme, Math.ceil(nowMs / SLOT_MS) * SLOT_MS);
        break;
      case 'stop':
        this.#programmes.get(message.programme)?.close();
        this.#programmes.delete(message.programme);
        this.#schedule.remove(message.programme);
        break;
      case 'retract':
        this.#guard(message.programme, (programme) => programme.retract(message.ssrc, message.generation));
        break;
      case 'packets':
        this.#takenBytes += message.records.byteLength;
        readPacketRecords(message.records, (id, _generation, packet) => {
          this.#guard(id, (programme) => {
            if (!programme.receive(packet, message.atMs)) this.#unopened += 1;
          });
        });
    }
  }

  /** Makes what is due. @returns ms until the next frame is due; undefined while there is no programme */
  run(nowMs: number): number | undefined {
    const tick = (id: number, dueMs: number, skipped: number): void => {
      this.#skipped += skipped;
      this.#guard(id, (programme) => {
        this.#frames.add(id, programme.generation, programme.tick(dueMs, skipped));
      });
    };
    return this.#schedule.run(nowMs, tick, this.#options.isReady);
  }

  /** What was done since the last report; undefined when that is nothing. Its `records` are to be transferred. */
  report(): FromWorker | undefined {
    if (this.#takenMessages === 0 && this.#frames.count === 0) return undefined;
    const report = {
      records: this.#frames.take(),
      takenBytes: this.#takenBytes,
      takenMessages: this.#takenMessages,
      unopened: this.#unopened,
      skipped: this.#skipped,
      losses: this.#newLosses(),
      fault: this.#fault,
    };
    this.#takenBytes = 0;
    this.#takenMessages = 0;
    this.#unopened = 0;
    this.#skipped = 0;
    this.#fault = undefined;
    return report;
  }

  #newLosses(): ProgrammeLosses | undefined {
    const { losses } = this.#options;
    const before = this.#reportedLosses;
    if (!losses || PROGRAMME_LOSSES.every((name) => losses[name] === before[name])) return undefined;
    this.#reportedLosses = lossesOf((name) => losses[name]);
    return lossesOf((name) => losses[name] - before[name]);
  }

  /** What one programme cannot bear must not touch the others. */
  #guard(id: number, act: (programme: LiveProgramme) => void): void {
    const programme = this.#programmes.get(id);
    if (!programme) return;
    try {
      act(programme);
    } catch (error) {
      this.#fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
      programme.beginAnew();
    }
  }
}

function lossesOf(count: (name: keyof ProgrammeLosses) => number): ProgrammeLosses {
  return Object.fromEntries(PROGRAMME_LOSSES.map((name) => [name, count(name)])) as Record<
    keyof ProgrammeLosses,
    number
  >;
}
