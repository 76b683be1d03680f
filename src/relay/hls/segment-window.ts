/** The segments of one podcast that can be had: those a playlist names, and for a while those it named (RFC 8216 §6.2.2). */
import { AAC_PACKET_SAMPLES } from '../encoding/aac-codec.ts';
import { AAC_LEAD_SAMPLES, SEGMENT_SECONDS_MAX } from '../encoding/aac-encoder.ts';
import { placeOfSegment, silentSegment, startOfSegment } from '../encoding/aac-fragments.ts';
import type { EncodedPage } from '../encoding/encoder.ts';
import type { ToldSegments } from './told-segments.ts';

const SAMPLES_PER_MS = 48;
/** So many does a playlist name. */
const LISTED = 6;
/** What a playlist named can be had for as long again as the playlist lasts, and one segment more. */
const KEPT = LISTED + LISTED + 1;
/** As long as a segment may be. */
const PACKETS_MOST = Math.floor((SEGMENT_SECONDS_MAX * 1000 * SAMPLES_PER_MS) / AAC_PACKET_SAMPLES);
/** As far may what was encoded be from the machine's clock, before the clock is believed. */
const CLOCK_DRIFT_MS = 2000;

/** hls.js goes through an array of as many elements as the discontinuity sequence number says, over and over. */
const DISCONTINUITIES = 10_000;
/** Of how many ms one number is; a relay takes as long to start again. */
const DISCONTINUITY_MS = 5000;

/** One run of an encoder: its segments follow one another, and have their header in common. */
export interface Run {
  /** No other run has it, on whatever relay: a part of addresses, whose bytes never change. */
  readonly token: string;
  readonly header: Uint8Array;
}

export interface Segment {
  readonly run: Run;
  /** The media sequence number (§4.3.3.2). */
  readonly number: number;
  /** The discontinuity sequence number (§4.3.3.3). */
  readonly discontinuity: number;
  readonly samples: number;
  /** When its first sample was encoded, ms since 1970. */
  readonly wallMs: number;
  readonly bytes: Uint8Array;
  /** Whether it is silence, of the same length and time, in the place of what was taken back. It has another address. */
  readonly isRetracted: boolean;
}

/** What a playlist says of its segments. */
export interface Listing {
  /** Oldest first. */
  readonly segments: readonly Segment[];
  /** The media sequence number of the first, also when there is none yet. */
  readonly firstNumber: number;
  /** … and its discontinuity sequence number; if it is a new one, that is told by then. */
  readonly firstDiscontinuity: number;
  /** Whether no segment comes any more. */
  readonly isOver: boolean;
}

export class SegmentWindow {
  #run: Run | undefined;
  #kept: Segment[] = [];
  #isOver = false;
  #nextNumber: number;
  /** What has a lower number was taken back, or was silence anyway. */
  #retractedBefore = 0;
  #discontinuity: number;
  /** Where and when the next segment begins if nothing is missing before it. */
  #expected: { readonly samples: number; readonly wallMs: number } | undefined;

  /**
   * Numbers begin with the seconds since 1970: of segments there are fewer than one a second, and so numbers never go back, also
   * when a podcast is encoded again after a pause or a restart of the relay. Then it is another discontinuity, too: its times
   * begin anew.
   */
  constructor(wallMs: number) {
    this.#nextNumber = Math.floor(wallMs / 1000);
    this.#discontinuity = Math.floor(wallMs / DISCONTINUITY_MS) % DISCONTINUITIES;
  }

  /** Whether a playlist has something to name. */
  get hasSegments(): boolean {
    return this.#kept.length > 0;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * What a playlist names now. What was taken back stays as silence: a player needs three target durations to begin with, and one
   * that plays would come too near to the end if something were missing.
   * @param told what the player knows; without it nothing is named that players may know as something else
   */
  listing(told?: ToldSegments): Listing {
    const latest = this.#kept.slice(-LISTED);
    const segments = told
      ? told.tell(latest)
      : latest.filter(({ number }) => number >= this.#retractedBefore);
    return {
      segments,
      firstNumber: segments[0]?.number ?? this.#nextNumber,
      firstDiscontinuity: segments[0]?.discontinuity ?? this.#discontinuity,
      isOver: this.#isOver,
    };
  }

  /** What comes from now on has this header. */
  begin(run: Run): void {
    this.#run = run;
    this.#expected = undefined;
  }

  /**
   * Of the silence with which every run begins only that stands in a playlist which is of a time that no run before has told of:
   * who plays on stays as far behind as before.
   * @param page a whole segment of the run @param wallMs when it came, ms since 1970
   */
  add(page: EncodedPage, wallMs: number): void {
    this.#fillUpTo(page);
    this.#place(page, wallMs, false);
  }

  /** A page that was under way when somebody went off air is taken back, too; there are players that end at a gap. */
  #fillUpTo({ bytes }: EncodedPage): void {
    const { number, startSamples } = placeOfSegment(bytes);
    const missing = (startSamples - (this.#expected?.samples ?? startSamples)) / AAC_PACKET_SAMPLES;
    if (missing > LISTED * PACKETS_MOST) return;
    for (let left = missing; left > 0 && this.#expected; left -= PACKETS_MOST) {
      const packets = Math.min(left, PACKETS_MOST);
      const samples = packets * AAC_PACKET_SAMPLES;
      const place = { number: Math.max(1, number - Math.ceil(left / PACKETS_MOST)), packets };
      const filling = silentSegment({ ...place, startSamples: this.#expected.samples });
      const cameMs = this.#expected.wallMs + samples / SAMPLES_PER_MS;
      this.#place({ isHeader: false, samples, bytes: filling }, cameMs, true);
    }
  }

  #place({ samples, bytes }: EncodedPage, wallMs: number, isRetracted: boolean): void {
    const run = this.#run;
    if (!run) return;
    const startSamples = startOfSegment(bytes);
    const last = this.#kept.at(-1);
    const follows = startSamples === this.#expected?.samples;
    const startMs = this.#startOf(startSamples, samples, wallMs);
    const ms = samples / SAMPLES_PER_MS;
    this.#expected = { samples: startSamples + samples, wallMs: startMs + ms };
    const isAnew = last !== undefined && last.run !== run;
    if (isAnew && startSamples < AAC_LEAD_SAMPLES && startMs + ms / 2 < endOf(last)) return;
    if (isAnew || (last && !follows)) this.#discontinuity += 1;
    this.#kept.push({
      run,
      number: this.#nextNumber++,
      discontinuity: this.#discontinuity,
      samples,
      wallMs: startMs,
      bytes,
      isRetracted,
    });
    if (this.#kept.length > KEPT) this.#kept.shift();
  }

  #startOf(startSamples: number, samples: number, wallMs: number): number {
    const cameMs = wallMs - (startSamples === 0 ? AAC_LEAD_SAMPLES : samples) / SAMPLES_PER_MS;
    if (startSamples !== this.#expected?.samples) return cameMs;
    const isLead = startSamples < AAC_LEAD_SAMPLES;
    const dueMs = this.#expected.wallMs;
    return !isLead && Math.abs(dueMs - cameMs) > CLOCK_DRIFT_MS ? cameMs : dueMs;
  }

  /** Nobody gets any more what was said up to now: silence takes its place. */
  retract(): void {
    const last = this.#kept.findLast(hasSound);
    if (!last) return;
    this.#retractedBefore = last.number + 1;
    this.#kept = this.#kept.map((segment) => (hasSound(segment) ? inSilence(segment) : segment));
  }

  /** No segment comes any more; those there are stay. */
  end(): void {
    this.#isOver = true;
  }

  segment(token: string, number: number): Segment | undefined {
    return this.#kept.find((segment) => segment.number === number && segment.run.token === token);
  }

  header(token: string): Uint8Array | undefined {
    return this.#kept.find(({ run }) => run.token === token)?.run.header;
  }
}

function hasSound({ bytes, isRetracted }: Segment): boolean {
  return !isRetracted && startOfSegment(bytes) >= AAC_LEAD_SAMPLES;
}

function inSilence(segment: Segment): Segment {
  return { ...segment, bytes: silentSegment(placeOfSegment(segment.bytes)), isRetracted: true };
}

function endOf({ wallMs, samples }: Segment): number {
  return wallMs + samples / SAMPLES_PER_MS;
}
