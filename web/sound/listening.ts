/** What a listener hears of all speakers: packets in as they come, 20 ms of sound out at a time. Pure. */
import { LimitedSum } from '../../src/audio/limited-sum.ts';
import { LIMITER_DELAY_SAMPLES } from '../../src/audio/limiter.ts';
import { loudnessOf } from '../../src/audio/loudness.ts';
import { Speakers, type SpeakersCounts, noSpeakersCounts } from '../../src/audio/speakers.ts';
import { FastestArrival } from './fastest-arrival.ts';
import { DecodedSounds } from './decoded-sounds.ts';
import type { DecodedPacket } from './decoded-packet.ts';
import type { SpeakerLevel } from './sound.ts';

const SAMPLES_PER_MS = 48;
const LIMITER_DELAY_MS = LIMITER_DELAY_SAMPLES / SAMPLES_PER_MS;
/** A level of 0, in LUFS; 0 LUFS is a level of 1. */
const LEVEL_FLOOR_LUFS = -60;
/** Loss is told of so many seconds. */
const LOSS_SECONDS = 5;

/** Of one second. */
export interface PlayedQuality {
  /** From when a packet comes at best to its place on the context's clock: `contextTime` in ms, less ms since 1970. Undefined when none was played. */
  readonly arrivalToContextMs: number | undefined;
  /** 0 … 1. */
  readonly lostShare: number;
}

/** Frames that had to be played, and those of them that were made up. */
interface Tally {
  readonly played: number;
  readonly concealed: number;
}

/**
 * The clock, `nowMs`, is the sound card's: what arrives is timed by it as well as what is played, so that a sender's clock that goes
 * faster or slower than the card is just another delay that grows, which the jitter buffers keep in bounds.
 */
export class Listening {
  readonly counts: SpeakersCounts = noSpeakersCounts();
  readonly #sounds = new DecodedSounds((packet) => this.#onPlayed(packet));
  readonly #speakers = new Speakers({ codec: this.#sounds, counts: this.counts });
  #sum = new LimitedSum(2, this.#speakers.bySsrc, 1);
  /** When the frame that is being made will be heard. */
  #heardMs = 0;
  /** The loudest K-weighted power of each speaker since the levels were taken. */
  readonly #powers = new Map<number, number>();
  readonly #arrival = new FastestArrival();
  #played = 0;
  #playedNow = 0;
  #arrivalToContextMs = 0;
  #tallies: readonly Tally[] = [{ played: 0, concealed: 0 }];

  /** Keeps the packet; one that came before gets this sound, if it still waits. @param nowMs on the clock of `render` */
  receive(packet: DecodedPacket, nowMs: number): void {
    if (this.#sounds.add(packet)) this.#speakers.receive(packet, nowMs);
  }

  /** Nothing of this speaker that has not been rendered will be; for a second nothing is taken of them. */
  retract(ssrc: number): void {
    this.#powers.delete(ssrc);
    if (!this.#speakers.retract(ssrc)) return;
    // The limiter has heard them.
    this.#sum = new LimitedSum(2, this.#speakers.bySsrc, this.#speakers.share.gainBefore);
  }

  /** What waits is thrown away; what is known of the speakers stays. */
  clear(): void {
    for (const speaker of this.#speakers.bySsrc.values()) speaker.clear();
    // Times from before and after a sleep do not compare.
    this.#playedNow = 0;
    this.#arrivalToContextMs = 0;
  }

  /**
   * @param nowMs when the first of these samples is played: 20 ms after the ones before
   * @returns 20 ms, two channels interleaved; valid until the next call
   */
  render(nowMs: number): Float32Array {
    this.#sounds.frame += 1;
    this.#heardMs = nowMs + LIMITER_DELAY_MS;
    this.#speakers.advance(nowMs);
    for (const speaker of this.#speakers.bySsrc.values()) {
      const { isSpeech, power } = speaker.newest;
      if (isSpeech && power > (this.#powers.get(speaker.ssrc) ?? 0)) this.#powers.set(speaker.ssrc, power);
    }
    return this.#sum.next(this.#speakers.bySsrc, this.#speakers.share.gain);
  }

  /** Of those who spoke since this was asked last, as loud as they were heard at most. */
  takeLevels(): SpeakerLevel[] {
    const levels = [...this.#powers].map(([ssrc, power]) => ({ ssrc, level: levelOf(power) }));
    this.#powers.clear();
    return levels;
  }

  /** To be asked once a second. */
  takeQuality(): PlayedQuality {
    const { concealed } = this.counts;
    const tallies = [...this.#tallies, { played: this.#played, concealed }].slice(-LOSS_SECONDS - 1);
    const [oldest = { played: 0, concealed: 0 }] = tallies;
    this.#tallies = tallies;
    const made = concealed - oldest.concealed;
    const frames = this.#played - oldest.played + made;
    const count = this.#playedNow;
    const arrivalToContextMs = count === 0 ? undefined : this.#arrivalToContextMs / count;
    this.#playedNow = 0;
    this.#arrivalToContextMs = 0;
    return { arrivalToContextMs, lostShare: frames === 0 ? 0 : made / frames };
  }

  #onPlayed({ ssrc, timestamp, arrivedMs }: DecodedPacket): void {
    this.#played += 1;
    this.#playedNow += 1;
    this.#arrivalToContextMs += this.#heardMs - this.#arrival.of(ssrc, timestamp, arrivedMs);
  }
}

function levelOf(power: number): number {
  return Math.min(1, Math.max(0, 1 - loudnessOf(power) / LEVEL_FLOOR_LUFS));
}
