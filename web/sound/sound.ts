/** What plays a podcast in the page, whichever way it comes; the page shows what it says. */
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';

/**
 * connecting → waiting (not on air yet) → playing ⇄ interrupted (the host is away) ⇄ reconnecting (we are away) → ended, or
 * refused: it cannot be had, and trying again is of no use. `unable`: not in this browser; another way may be.
 */
export type SoundState =
  | 'connecting'
  | 'waiting'
  | 'playing'
  | 'interrupted'
  | 'reconnecting'
  | 'ended'
  | 'refused'
  | 'unable';

export interface SpeakerLevel {
  /** u32. */
  readonly ssrc: number;
  /** 0 … 1, as loud as it is heard, of the last tenth of a second. */
  readonly level: number;
}

export interface SoundQuality {
  /** From the packet's arrival at the relay to the loudspeaker, as far as it can be known here. */
  readonly delayMs: number;
  /** Of the last seconds: what should have been heard and was not there in time, 0 … 1. */
  readonly lostShare: number;
}

export interface SoundEvents {
  readonly onState: (state: SoundState) => void;
  /** Only of a way that is told. */
  readonly onPodcast?: (facts: PodcastFacts) => void;
  /** Ten times a second while somebody speaks; those who are silent are not in it. */
  readonly onLevels?: (levels: readonly SpeakerLevel[]) => void;
  /** Once a second while it plays. */
  readonly onQuality?: (quality: SoundQuality) => void;
}

export interface Sound {
  /** Called in the handler of the button, because browsers let nothing else begin a sound. */
  start(): Promise<void>;
  stop(): void;
  /** @param volume 0 … 1, as a person means it */
  setVolume(volume: number): void;
}
