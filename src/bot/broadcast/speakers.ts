/** What is known of the people of a show who are broadcast: who speaks, under which SSRC, and how well it comes. Pure. */
import { isSilence } from '../../audio/opus-packet.ts';
import type { CapturedFrame } from '../capture/voice-capture.ts';
import { SpeakerSources } from '../consent/speaker-sources.ts';
import { type Sound, SoundMeter } from '../panel/sound-meter.ts';
import { SpeakerRoster } from './speaker-roster.ts';

export class Speakers {
  readonly #roster = new SpeakerRoster();
  readonly #sources = new SpeakerSources();
  readonly #meter: SoundMeter;

  constructor(nowMs: number) {
    this.#meter = new SoundMeter(nowMs);
  }

  heard({ userId, ssrc, sequence, opus }: CapturedFrame, nowMs: number): void {
    if (!isSilence(opus)) this.#roster.heard(userId, nowMs);
    this.#sources.heard(userId, ssrc);
    this.#meter.heard(userId, ssrc, sequence);
  }

  /** A packet of this person came and could not be decrypted. */
  failed(userId: string): void {
    this.#meter.failed(userId);
  }

  left(userId: string): void {
    this.#roster.forget(userId);
  }

  /** Ids of those who speak right now. */
  speaking(nowMs: number): string[] {
    return this.#roster.speaking(nowMs);
  }

  sound(nowMs: number): Sound {
    return this.#meter.sound(nowMs);
  }

  /** These people are not broadcast any more. @returns under which SSRCs they were, as far as that is not long ago */
  takeOff(isMeant: (userId: string) => boolean): number[] {
    return this.#sources.take(isMeant).flatMap(({ userId, ssrcs }) => {
      this.#roster.forget(userId);
      this.#meter.forget(userId, ssrcs);
      return ssrcs;
    });
  }
}
