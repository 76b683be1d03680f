/** What a listener in the terminal knows of one speaker: how loud, how much, what is missing, and the file. */
import opus from '@discordjs/opus';
import { levelDbfs } from '../audio/level.ts';
import { isSilence, opusSamples } from '../audio/opus-packet.ts';
import { LossCounter } from '../audio/loss-counter.ts';
import { TrackClock } from '../audio/track-clock.ts';
import type { HeardFrame } from '../client/podcast-listener.ts';
import { OggTrack } from '../recording/ogg-track.ts';

const SAMPLE_RATE = 48_000;
const CHANNELS = 2;
/** After so long without a frame a speaker counts as silent. */
const SILENT_AFTER_MS = 250;
const SILENCE_DBFS = -Infinity;
/** Longer than two clocks may differ by jitter: what is silent for so long stays silent. */
const SETTLED_MS = 2000;

export interface SpeakerTrackOptions {
  readonly label: string;
  /** When listening began: the zero of every file. */
  readonly originMs: number;
  /** Where the file goes; no file without. */
  readonly path?: string | undefined;
}

export class SpeakerTrack {
  readonly label: string;
  readonly path: string | undefined;
  readonly #loss = new LossCounter();
  readonly #decoder = new opus.OpusEncoder(SAMPLE_RATE, CHANNELS);
  readonly #clock: TrackClock;
  readonly #file: OggTrack | undefined;
  #levelDbfs = SILENCE_DBFS;
  #lastMs = 0;
  #frames = 0;
  #isSilent = false;
  /** Frames that no decoder can read. */
  undecodable = 0;

  constructor({ label, originMs, path }: SpeakerTrackOptions) {
    this.label = label;
    this.path = path;
    this.#clock = new TrackClock(originMs);
    this.#file = path === undefined ? undefined : new OggTrack(path);
  }

  /** Frames that came too late for their place in the file. */
  get late(): number {
    return this.#file?.late ?? 0;
  }

  get frames(): number {
    return this.#frames;
  }

  get lost(): number {
    return this.#loss.lost;
  }

  hear({ opus: frame, rtp }: HeardFrame, nowMs: number): void {
    this.#frames += 1;
    this.#lastMs = nowMs;
    if (rtp) this.#loss.receive(rtp.sequence);
    this.#levelDbfs = this.#levelOf(frame);
    this.#isSilent = isSilence(frame);
    // A host that gives no RTP gives no time either: then it is the arrival's.
    const { ssrc, timestamp } = rtp ?? { ssrc: 0, timestamp: this.#clock.sampleAt(nowMs) >>> 0 };
    const timed = { ssrc, timestamp, samples: opusSamples(frame), isSilence: this.#isSilent };
    this.#file?.add(frame, this.#clock.place(timed, nowMs));
  }

  /** Time goes by; call it now and then. */
  advance(nowMs: number): void {
    // In the midst of speech the network may only have stalled: what comes then belongs where the speech stopped.
    if (this.#isSilent) this.#file?.advance(this.#clock.sampleAt(nowMs - SETTLED_MS));
  }

  /** dBFS; −Infinity when silent. */
  levelDbfs(nowMs: number): number {
    return nowMs - this.#lastMs > SILENT_AFTER_MS ? SILENCE_DBFS : this.#levelDbfs;
  }

  /** @param endMs when listening ended: every file is as long as that */
  async finish(endMs: number): Promise<void> {
    await this.#file?.finish(this.#clock.sampleAt(endMs));
  }

  #levelOf(frame: Uint8Array): number {
    try {
      const pcm = this.#decoder.decode(Buffer.from(frame));
      return levelDbfs(new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2));
    } catch {
      this.undecodable += 1;
      return SILENCE_DBFS;
    }
  }
}
