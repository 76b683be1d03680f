/** What is known of the people of a show who are broadcast: who speaks, under which SSRC, and how well it comes. Pure. */
import { isSilence } from '../../audio/opus-packet.ts';
import type { CapturedFrame } from '../capture/voice-capture.ts';
import { type Sound, SoundMeter } from '../panel/sound-meter.ts';

/** Somebody who is in the channel and has been heard there. */
export interface HeardSpeaker {
  readonly userId: string;
  /** u32, under which they were heard last. */
  readonly ssrc: number;
}

interface Speaker {
  /** When they were last heard; undefined after they left. */
  lastMs: number | undefined;
  /** Under which they were heard lately, the newest last: by these, what of theirs still waits somewhere is called back. */
  ssrcs: number[];
}

// Discord's own indicator goes out about this long after the last packet.
const SPEAKING_MS = 250;
/** A person has a new SSRC each time they come back; of those before the last few nothing waits anywhere any more. */
const SSRCS_MAX = 4;

export class Speakers {
  readonly #byUser = new Map<string, Speaker>();
  readonly #meter: SoundMeter;

  constructor(nowMs: number) {
    this.#meter = new SoundMeter(nowMs);
  }

  /** A frame of this person came; called for each. @returns whether `present` says something else now */
  heard({ userId, ssrc, sequence, opus }: CapturedFrame, nowMs: number): boolean {
    let speaker = this.#byUser.get(userId);
    if (!speaker) {
      speaker = { lastMs: undefined, ssrcs: [] };
      this.#byUser.set(userId, speaker);
    }
    const isAnother = speaker.ssrcs.at(-1) !== ssrc;
    const wasPresent = speaker.lastMs !== undefined;
    if (!isSilence(opus)) speaker.lastMs = nowMs;
    if (isAnother) {
      speaker.ssrcs = [...speaker.ssrcs.filter((other) => other !== ssrc), ssrc].slice(-SSRCS_MAX);
    }
    this.#meter.heard(userId, ssrc, sequence);
    const isPresent = speaker.lastMs !== undefined;
    return isPresent && (isAnother || !wasPresent);
  }

  /** Those who are in the channel and were heard, in the order in which they first were; of several with one SSRC the one heard last. */
  present(): HeardSpeaker[] {
    const bySsrc = new Map<number, { userId: string; lastMs: number }>();
    for (const [userId, { lastMs, ssrcs }] of this.#byUser) {
      const ssrc = ssrcs.at(-1);
      if (lastMs === undefined || ssrc === undefined) continue;
      const other = bySsrc.get(ssrc);
      if (!other || other.lastMs <= lastMs) bySsrc.set(ssrc, { userId, lastMs });
    }
    return [...bySsrc].map(([ssrc, { userId }]) => ({ userId, ssrc }));
  }

  /** A packet of this person came and could not be decrypted. */
  failed(userId: string): void {
    this.#meter.failed(userId);
  }

  /** They are not present any more; their SSRCs are remembered, for what still waits of them. */
  left(userId: string): void {
    const speaker = this.#byUser.get(userId);
    if (speaker) speaker.lastMs = undefined;
  }

  /** Ids of those who speak right now, in the order in which they were first heard. */
  speaking(nowMs: number): string[] {
    return [...this.#byUser]
      .filter(([, { lastMs }]) => lastMs !== undefined && nowMs - lastMs < SPEAKING_MS)
      .map(([userId]) => userId);
  }

  sound(nowMs: number): Sound {
    return this.#meter.sound(nowMs);
  }

  /** These people are not broadcast any more. @returns under which SSRCs they were, as far as that is not long ago */
  takeOff(isMeant: (userId: string) => boolean): number[] {
    const taken = [...this.#byUser].filter(([userId]) => isMeant(userId));
    return taken.flatMap(([userId, { ssrcs }]) => {
      this.#byUser.delete(userId);
      this.#meter.forget(userId, ssrcs);
      return ssrcs;
    });
  }
}
