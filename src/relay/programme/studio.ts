/** All programmes of one worker thread: what its messages mean, and what is made when. Neither thread nor clock. */
import { ReportDraft } from '../media-threads/report-draft.ts';
import type { Workshop } from '../media-threads/worker-loop.ts';
import type { FromThread, ToThread } from '../media-threads/worker-messages.ts';
import { LiveProgramme } from './live-programme.ts';
import type { ProgrammeEngine } from './programme-engine.ts';
import type { ProgrammeStart } from './programme-threads.ts';
import { TickSchedule } from './tick-schedule.ts';

/** Why something that was said is not in a programme as it was said; the counters of the relay have their meanings. */
const PROGRAMME_LOSSES = [
  'late',
  'overflow',
  'malformed',
  'duplicate',
  'displaced',
  'retracted',
  'undecodable',
  'unready',
  'concealed',
] as const;
type ProgrammeLosses = Readonly<Record<(typeof PROGRAMME_LOSSES)[number], number>>;

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

export class Studio implements Workshop<ProgrammeStart> {
  readonly #options: StudioOptions;
  readonly #programmes = new Map<number, LiveProgramme>();
  readonly #schedule = new TickSchedule<number>();
  readonly #draft = new ReportDraft();
  readonly #reportedLosses = Object.fromEntries(PROGRAMME_LOSSES.map((name) => [name, 0])) as Record<
    keyof ProgrammeLosses,
    number
  >;

  constructor(options: StudioOptions) {
    this.#options = options;
  }

  take(message: ToThread<ProgrammeStart>, nowMs: number): void {
    this.#draft.tookMessage();
    switch (message.type) {
      case 'start':
        this.#programmes.set(message.job, new LiveProgramme({ ...message.start, ...this.#options }));
        this.#schedule.add(message.job, Math.ceil(nowMs / SLOT_MS) * SLOT_MS);
        break;
      case 'stop':
        this.#programmes.get(message.job)?.close();
        this.#programmes.delete(message.job);
        this.#schedule.remove(message.job);
        break;
      case 'retract':
        this.#guard(message.job, (programme) => programme.retract(message.ssrc, message.generation));
    }
  }

  receive(id: number, packet: Uint8Array, atMs: number): void {
    this.#guard(id, (programme) => {
      if (!programme.receive(packet, atMs)) this.#draft.count('programme-unopened');
    });
  }

  run(nowMs: number): number | undefined {
    const tick = (id: number, dueMs: number, skipped: number): void => {
      this.#draft.count('programme-skipped', skipped);
      this.#guard(id, (programme) => {
        this.#draft.records.add(id, programme.generation, programme.tick(dueMs, skipped));
      });
    };
    return this.#schedule.run(nowMs, tick, this.#options.isReady);
  }

  report(): FromThread | undefined {
    this.#countLosses();
    return this.#draft.take();
  }

  #countLosses(): void {
    const { losses } = this.#options;
    if (!losses) return;
    for (const name of PROGRAMME_LOSSES) {
      this.#draft.count(`programme-${name}`, losses[name] - this.#reportedLosses[name]);
      this.#reportedLosses[name] = losses[name];
    }
  }

  /** What one programme cannot bear must not touch the others. */
  #guard(id: number, act: (programme: LiveProgramme) => void): void {
    const programme = this.#programmes.get(id);
    if (!programme) return;
    try {
      act(programme);
    } catch (error) {
      this.#draft.fail(error);
      programme.beginAnew();
    }
  }
}
