/** Puts the frames of a programme one after the other in the pace of the clock: gaps become silence. No clock, no socket. */
import { FRAME_SAMPLES } from '../../audio/frame.ts';
import type { RtpMetadata } from '../../protocol/nonce.ts';

const FRAME_MS = 20;
/**
 * So far what was made may be behind the clock. A thread of programmes that stood still for up to 200 ms makes up for it, so
 * whatever is less late than that still finds its place.
 */
const LATEST_FRAMES = 15;
/** So many frames of silence are made at once: as long as a page of the streams, and fewer rounds. */
const FILL_FRAMES = 5;
/** A frame that seems to be so much too early shows that the stream has jumped: no programme is ever early. */
const EARLIEST_FRAMES = 25;
/** So many that are late in a row are no hiccup: the stream has another pace than was thought. */
const LATE_IN_A_ROW = 25;
/** A thread that stood still for longer does not make up for it: whoever listened is gone. */
const STALL_FRAMES = 500;

interface Source {
  readonly ssrc: number;
  /** Of the frame that was taken last, and its place. */
  timestamp: number;
  place: number;
}

export class Timeline {
  /** Frames of silence that were made. */
  silent = 0;
  /** Frames that were never made. */
  skipped = 0;
  readonly #give: (opus: Uint8Array | undefined) => void;
  #startMs: number;
  /** Places up to here are given. Place `n` is due at `#startMs + n × FRAME_MS`. */
  #next = 0;
  #source: Source | undefined;
  #lateInARow = 0;

  /** @param give gets one frame after the other, undefined for silence */
  constructor(startMs: number, give: (opus: Uint8Array | undefined) => void) {
    this.#startMs = startMs;
    this.#give = give;
  }

  /** When `advance` has something to do, if nothing comes before. */
  get dueMs(): number {
    return this.#startMs + (this.#next + LATEST_FRAMES) * FRAME_MS;
  }

  /** Whether the next frame of this SSRC goes on from one that was taken. */
  knows(ssrc: number): boolean {
    return this.#source?.ssrc === ssrc;
  }

  /** @param atMs when the frame came. @returns false when it came after its turn, or again: then it is not given */
  receive(rtp: Pick<RtpMetadata, 'ssrc' | 'timestamp'>, opus: Uint8Array, atMs: number): boolean {
    const source = this.#sourceOf(rtp, atMs);
    const place = placeIn(source, rtp.timestamp);
    if (place < this.#next) {
      this.#lateInARow += 1;
      return false;
    }
    this.#lateInARow = 0;
    this.#fillTo(place);
    source.timestamp = rtp.timestamp;
    source.place = place;
    this.#next += 1;
    this.#give(opus);
    return true;
  }

  /** Gives silence for whatever should have come long ago. */
  advance(nowMs: number): void {
    const behind = this.#placeAt(nowMs) - this.#next;
    if (behind < LATEST_FRAMES) return;
    const stall = behind > STALL_FRAMES ? behind - LATEST_FRAMES : 0;
    this.skipped += stall;
    this.#startMs += stall * FRAME_MS;
    this.#fillTo(this.#placeAt(nowMs) - LATEST_FRAMES + FILL_FRAMES);
  }

  /** The stream that this frame belongs to; a new one begins now. */
  #sourceOf({ ssrc, timestamp }: Pick<RtpMetadata, 'ssrc' | 'timestamp'>, atMs: number): Source {
    const now = this.#placeAt(atMs);
    const source = this.#source;
    const goesOn =
      source?.ssrc === ssrc &&
      this.#lateInARow < LATE_IN_A_ROW &&
      placeIn(source, timestamp) <= now + EARLIEST_FRAMES;
    if (goesOn) return source;
    this.#source = { ssrc, timestamp, place: Math.max(this.#next, now) };
    return this.#source;
  }

  #placeAt(nowMs: number): number {
    return Math.floor((nowMs - this.#startMs) / FRAME_MS);
  }

  #fillTo(place: number): void {
    while (this.#next < place) {
      this.#next += 1;
      this.silent += 1;
      this.#give(undefined);
    }
  }
}

function placeIn({ timestamp: before, place }: Source, timestamp: number): number {
  // RTP time is a u32 that wraps (RFC 3550 §5.1): the nearer way round.
  return place + Math.round(((timestamp - before) | 0) / FRAME_SAMPLES);
}
