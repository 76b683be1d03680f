/** One continuous Opus stream out of several speakers: packets go in as they come, and every 20 ms one packet comes out. Pure. */
import { Mixer } from './mixer.ts';
import type { OpusCodec } from './opus-codec.ts';
import { SILENCE } from './opus-packet.ts';
import type { Speaker } from './speaker.ts';
import { type SpeakerPacket, Speakers, type SpeakersCounts, noSpeakersCounts } from './speakers.ts';

export interface ProgrammeOptions {
  readonly codec: OpusCodec;
  /** Several programmes may share it. */
  readonly counts?: ProgrammeCounts;
}

/** What became of packets and of ticks. */
export interface ProgrammeCounts extends SpeakersCounts {
  /** Ticks by what went out. */
  passed: number;
  mixed: number;
  silent: number;
}

export function noProgrammeCounts(): ProgrammeCounts {
  return { passed: 0, mixed: 0, silent: 0, ...noSpeakersCounts() };
}

/** So many frames of one speaker alone are mixed before their own packets go out again. */
const SETTLING_FRAMES = 5;
/** What is not CELT then waits for a pause between words: a frame this much quieter than the speech. */
const PAUSE_POWER = 10 ** (-26 / 10);
/** … but no longer than this. */
const LONGEST_WAIT_FRAMES = 250;
/** How fast the level of speech is followed, in frames. */
const LEVEL_DECAY = 1 / 50;

type Path =
  | { readonly is: 'passed'; readonly speaker: Speaker }
  | { readonly is: 'mixed' }
  | { readonly is: 'silent' };

const MIXED: Path = { is: 'mixed' };
const QUIET: Path = { is: 'silent' };

/**
 * Each tick takes the next frame of every speaker, and puts out the frame before: a packet of a speaker who is alone and loud
 * enough as it came, everything else mixed and encoded anew. Both have the same sound at the same place of the stream.
 */
export class Programme {
  readonly counts: ProgrammeCounts;
  readonly #codec: OpusCodec;
  readonly #speakers: Speakers;
  #mixer: Mixer | undefined;
  #path: Path = QUIET;
  /** Who is alone, for how many frames that could be passed, and how loud their speech has been lately. */
  #solo: Speaker | undefined;
  #soloFrames = 0;
  #soloPower = 0;

  constructor(options: ProgrammeOptions) {
    this.counts = options.counts ?? noProgrammeCounts();
    this.#codec = options.codec;
    this.#speakers = new Speakers({ codec: options.codec, counts: this.counts });
  }

  /** SSRCs of all who are not forgotten yet. */
  get speakers(): readonly number[] {
    return [...this.#speakers.bySsrc.keys()];
  }

  /** Never throws: what is not Opus is counted and left out. @param nowMs when it came, on the clock of `tick` */
  receive(packet: SpeakerPacket, nowMs: number): void {
    this.#speakers.receive(packet, nowMs);
  }

  /** As `Speakers.retract`. */
  retract(ssrc: number): void {
    if (!this.#speakers.retract(ssrc)) return;
    // Limiter and encoder have heard them, and so has the choice between passing and mixing.
    this.#endMix();
    this.#solo = undefined;
    this.#soloFrames = 0;
    this.#path = MIXED;
  }

  /**
   * @param nowMs when this tick is due: 20 ms after the one before, also if it comes late
   * @returns 20 ms as one Opus packet, SILENCE when nobody speaks; not to be written to
   */
  tick(nowMs: number): Uint8Array {
    this.#speakers.advance(nowMs);
    this.#path = this.#choose();
    if (this.#path.is === 'passed') return this.#pass(this.#path.speaker);
    return this.#path.is === 'mixed' ? this.#mix() : this.#fallSilent();
  }

  /** Frees what the codec has given. */
  close(): void {
    this.#endMix();
    this.#speakers.close();
  }

  #choose(): Path {
    let speaking = 0;
    let audible = 0;
    let candidate: Speaker | undefined;
    for (const speaker of this.#speakers.bySsrc.values()) {
      const { isSpeech, isAudible } = speaker.due;
      if (!isSpeech) continue;
      speaking += 1;
      if (isAudible) audible += 1;
      // Who is audible, or else whose packets go out already.
      if (!candidate || isAudible || (audible === 0 && speaker === this.#solo)) candidate = speaker;
    }
    if (!candidate) return QUIET;
    const isAlone = audible === 1 || (audible === 0 && (speaking === 1 || candidate === this.#solo));
    this.#followSolo(isAlone ? candidate : undefined);
    if (!isAlone) return audible === 0 ? QUIET : MIXED;
    return this.#mayPass(candidate) ? { is: 'passed', speaker: candidate } : MIXED;
  }

  #followSolo(speaker: Speaker | undefined): void {
    if (speaker !== this.#solo) {
      this.#solo = speaker;
      this.#soloFrames = 0;
      this.#soloPower = 0;
    }
    this.#soloFrames = speaker?.due.passable ? this.#soloFrames + 1 : 0;
    const power = speaker?.due.power ?? 0;
    this.#soloPower = Math.max(power, this.#soloPower * (1 - LEVEL_DECAY));
  }

  #mayPass(speaker: Speaker): boolean {
    if (!speaker.due.passable || speaker.newest.isTooLoud) return false;
    if (this.#path.is === 'mixed') return this.#isGoodMoment(speaker);
    return this.#path.is === 'silent' || this.#path.speaker === speaker;
  }

  /**
   * A listener's decoder comes from our encoder's packets to the speaker's. From CELT to CELT it is not heard; SILK begins with an empty
   * memory, and one frame of it is wrong: best where little is to be heard.
   */
  #isGoodMoment({ due, newest }: Speaker): boolean {
    if (this.#soloFrames < SETTLING_FRAMES || this.#mixer?.isResting === false || !newest.passable)
      return false;
    if (this.#soloFrames > LONGEST_WAIT_FRAMES) return true;
    if (isCelt(due.passable)) return true;
    return Math.max(due.power, newest.power) < this.#soloPower * PAUSE_POWER;
  }

  #pass(speaker: Speaker): Uint8Array {
    this.#endMix();
    this.counts.passed += 1;
    return speaker.due.passable ?? SILENCE;
  }

  #mix(): Uint8Array {
    const mixer = this.#mixerFor(this.#isStereo());
    if (!mixer) return this.#fallSilent();
    this.counts.mixed += 1;
    return mixer.mix(this.#speakers.bySsrc, this.#speakers.share.gain);
  }

  #fallSilent(): Uint8Array {
    this.#endMix();
    this.#speakers.share.reset();
    this.#path = QUIET;
    this.#solo = undefined;
    this.counts.silent += 1;
    return SILENCE;
  }

  #isStereo(): boolean {
    for (const speaker of this.#speakers.bySsrc.values())
      if (!speaker.isGone && speaker.channels === 2) return true;
    return false;
  }

  /** The one at work, or a new one; undefined when no encoder is ready. */
  #mixerFor(isStereo: boolean): Mixer | undefined {
    if (this.#mixer && (this.#mixer.channels === 2 || !isStereo)) return this.#mixer;
    this.#endMix();
    const encoder = this.#codec.takeEncoder(isStereo ? 2 : 1);
    if (encoder) this.#mixer = new Mixer(encoder, this.#speakers.bySsrc, this.#speakers.share.gainBefore);
    else this.counts.unready += 1;
    return this.#mixer;
  }

  #endMix(): void {
    this.#mixer?.free();
    this.#mixer = undefined;
  }
}

/** Whether a packet is of the kind our encoder makes (RFC 6716 §3.1: configurations 16 to 31). */
function isCelt(opus: Uint8Array | undefined): boolean {
  return ((opus?.[0] ?? 0) & 0x80) !== 0;
}
