/** The gain of a sum of voices that keeps it as loud as the loudest of them: three who talk at once are not to be 5 dB louder than one. */
import type { Speaker } from './speaker.ts';

/** How fast a voice's power is believed, and how slowly it is forgotten, in frames. */
const ATTACK = 1 / 4;
const RELEASE = 1 / 40;
/** Who sends nothing any more has stopped speaking: no pause between words. */
const STOPPED_RELEASE = 1 / 8;
/** A voice that has this share of the loudest one's power adds nothing to speak of: −15 dB. */
const LEAST_SHARE = 0.03;
/** How fast the gain goes down, and comes back. */
const DOWN = 1 / 5;
const UP = 1 / 10;
/** Closer to unity than this is unity: 0.02 dB. */
const REST = 0.998;

export class SharedGain {
  readonly #powers = new Map<Speaker, number>();
  /** At the end of the newest frame; exactly 1 for one voice. */
  gain = 1;
  /** At its beginning. */
  gainBefore = 1;

  /** One frame further. */
  advance(speakers: Iterable<Speaker>): void {
    const target = this.#target(speakers);
    this.gainBefore = this.gain;
    const gain = this.gain + (target - this.gain) * (target < this.gain ? DOWN : UP);
    this.gain = target === 1 && gain > REST ? 1 : gain;
  }

  /** They are gone. */
  forget(speaker: Speaker): void {
    this.#powers.delete(speaker);
  }

  /** As if the voices that are known had been all there ever were. */
  settle(): void {
    this.gain = gainFor(this.#powers.values());
  }

  /** As if nobody had spoken: after silence nobody hears the gain jump. */
  reset(): void {
    this.#powers.clear();
    this.gain = 1;
    this.gainBefore = 1;
  }

  #target(speakers: Iterable<Speaker>): number {
    for (const speaker of speakers) {
      const known = this.#powers.get(speaker) ?? 0;
      const { power, isSpeech } = speaker.newest;
      const release = isSpeech ? RELEASE : STOPPED_RELEASE;
      const smooth = known + (power - known) * (power > known ? ATTACK : release);
      this.#powers.set(speaker, smooth);
    }
    return gainFor(this.#powers.values());
  }
}

function gainFor(powers: Iterable<number>): number {
  let most = 0;
  let sum = 0;
  const all = [...powers];
  for (const power of all) most = Math.max(most, power);
  for (const power of all) if (power > most * LEAST_SHARE) sum += power;
  return sum === 0 ? 1 : Math.sqrt(most / sum);
}
