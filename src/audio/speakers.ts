/** Those who speak in one podcast: who is known, who is heard, and who is taken back. Pure. */
import type { SpeakersBySsrc } from './limited-sum.ts';
import type { BufferedFrame } from './jitter-buffer.ts';
import type { OpusCodec } from './opus-codec.ts';
import { type IntakeCounts, noIntakeCounts } from './packet-intake.ts';
import { SharedGain } from './shared-gain.ts';
import { Speaker } from './speaker.ts';
import type { DecodingCounts } from './voice-decoder.ts';

/** A packet of one speaker; the array is kept. */
export interface SpeakerPacket extends BufferedFrame {
  readonly ssrc: number;
}

/** So many are heard at once, those who began first: more nobody can follow, and no host is to take a thread's whole time. */
export const HEARD_SPEAKERS = 8;
/** So many are known at once, silent or not, gain and all: it takes 50 kB to remember one. */
const KNOWN_SPEAKERS = 32;
/** A minute: who has been silent for so long is forgotten, gain and all. */
const FORGET_AFTER_FRAMES = 3000;
/** A second: no packet is under way for longer. */
const STRAGGLER_TICKS = 50;

/** What became of packets; of those taken also what jitter buffers and decoders count. */
export interface SpeakersCounts extends DecodingCounts, IntakeCounts {
  /** Speakers that made room for others, and packets of speakers for whom there was none, or who would have been one too many. */
  displaced: number;
  /** Packets that came after their speaker was retracted. */
  retracted: number;
}

export function noSpeakersCounts(): SpeakersCounts {
  const decoding = { concealed: 0, undecodable: 0, merged: 0, unready: 0 };
  return { displaced: 0, retracted: 0, ...decoding, ...noIntakeCounts() };
}

export interface SpeakersOptions {
  readonly codec: OpusCodec;
  readonly counts: SpeakersCounts;
}

export class Speakers {
  /** What their sum is to be multiplied with. */
  readonly share = new SharedGain();
  readonly #codec: OpusCodec;
  readonly #counts: SpeakersCounts;
  readonly #bySsrc = new Map<number, Speaker>();
  /** Until which tick nothing is taken of an SSRC. */
  readonly #retracted = new Map<number, number>();
  #ticks = 0;

  constructor(options: SpeakersOptions) {
    this.#codec = options.codec;
    this.#counts = options.counts;
  }

  get bySsrc(): SpeakersBySsrc {
    return this.#bySsrc;
  }

  /** Never throws: what is not Opus is counted and left out. @param nowMs when it came, on the clock of `advance` */
  receive(packet: SpeakerPacket, nowMs: number): void {
    if (this.#retracted.has(packet.ssrc)) {
      this.#counts.retracted += 1;
      return;
    }
    const speaker = this.#bySsrc.get(packet.ssrc) ?? this.#welcome(packet.ssrc);
    speaker?.receive(packet, nowMs);
  }

  /**
   * This speaker is to be heard no more, from the next tick on: nothing of what they said is kept. What of it is still under way is
   * dropped for a second; after that packets of this SSRC are heard again, for somebody may change their mind.
   * @returns whether anything was known of them
   */
  retract(ssrc: number): boolean {
    this.#retracted.set(ssrc, this.#ticks + STRAGGLER_TICKS);
    const speaker = this.#bySsrc.get(ssrc);
    if (!speaker) return false;
    this.#remove(speaker);
    this.share.settle();
    return true;
  }

  /** One frame further. @param nowMs when this is due: 20 ms after the one before, also if it comes late */
  advance(nowMs: number): void {
    this.#ticks += 1;
    for (const [ssrc, lastTick] of this.#retracted) if (this.#ticks > lastTick) this.#retracted.delete(ssrc);
    let seats = HEARD_SPEAKERS;
    for (const speaker of this.#bySsrc.values()) if (!speaker.isGone) seats -= 1;
    for (const speaker of this.#bySsrc.values()) {
      const wasGone = speaker.isGone;
      if (speaker.advance(nowMs, seats > 0)) this.#counts.displaced += 1;
      if (wasGone && !speaker.isGone) seats -= 1;
      if (speaker.silentFrames > FORGET_AFTER_FRAMES) this.#remove(speaker);
    }
    this.share.advance(this.#bySsrc.values());
  }

  /** Frees what the codec has given. */
  close(): void {
    for (const speaker of this.#bySsrc.values()) speaker.free();
    this.#bySsrc.clear();
  }

  #welcome(ssrc: number): Speaker | undefined {
    if (this.#bySsrc.size >= KNOWN_SPEAKERS) {
      this.#counts.displaced += 1;
      const quietest = this.#longestSilent();
      if (!quietest) return undefined;
      this.#remove(quietest);
    }
    const speaker = new Speaker(ssrc, this.#codec, this.#counts);
    this.#bySsrc.set(ssrc, speaker);
    return speaker;
  }

  /** Only who is silent makes room: nobody is cut off. */
  #longestSilent(): Speaker | undefined {
    let quietest: Speaker | undefined;
    for (const speaker of this.#bySsrc.values()) {
      if (speaker.isIdle && speaker.silentFrames > (quietest?.silentFrames ?? 0)) quietest = speaker;
    }
    return quietest;
  }

  #remove(speaker: Speaker): void {
    speaker.free();
    this.#bySsrc.delete(speaker.ssrc);
    this.share.forget(speaker);
  }
}
