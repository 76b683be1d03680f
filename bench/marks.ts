/** Short tones of eight pitches in a silence: said at known times, and known again in any sound that was made of them. */
import { LibopusCodec } from '../src/audio/opus-codec.ts';

const SAMPLE_RATE = 48_000;
const FRAME_SAMPLES = 960;
const PITCHES_HZ = [400, 600, 800, 1000, 1300, 1600, 2000, 2400];
const TONE_FRAMES = 4;
/** From one tone to the next: eight of them are longer than any way of listening is late. */
const SPACING_FRAMES = 125;
const LOUD = 0.04;
const QUIET_SAMPLES = 12_000;
/** How much of a tone is looked at to know its pitch: what comes behind its beginning. */
const LOOK_FROM = 480;
const LOOK_SAMPLES = 1920;

/** A tone, said or heard. */
export interface Mark {
  readonly pitch: number;
  readonly atMs: number;
}

/** What is said: Opus frames. */
export class Marks {
  readonly #frames: readonly Uint8Array[];
  #next = 0;

  private constructor(frames: readonly Uint8Array[]) {
    this.#frames = frames;
  }

  static async make(): Promise<Marks> {
    const codec = await LibopusCodec.load({ spares: 1 });
    const encoder = codec.takeEncoder(1);
    if (!encoder) throw new Error('no encoder');
    const frames = PITCHES_HZ.flatMap((hz) =>
      Array.from({ length: SPACING_FRAMES }, (_, frame) =>
        encoder.encode(
          new Float32Array(FRAME_SAMPLES).map((_zero, index) =>
            frame < TONE_FRAMES
              ? 0.3 * Math.sin((2 * Math.PI * hz * (frame * FRAME_SAMPLES + index)) / SAMPLE_RATE)
              : 0,
          ),
        ),
      ),
    );
    encoder.free();
    codec.close();
    return new Marks(frames);
  }

  /** The frame that is to be said now. @returns with the number of the tone's pitch, where one begins */
  next(): { readonly opus: Uint8Array; readonly pitch: number | undefined } {
    const place = this.#next % this.#frames.length;
    this.#next += 1;
    const pitch = place % SPACING_FRAMES === 0 ? place / SPACING_FRAMES : undefined;
    return { opus: this.#frames[place] ?? new Uint8Array(), pitch };
  }
}

/** ms by which each tone that was heard is behind when it was said. */
export function delaysOf(said: readonly Mark[], heard: readonly Mark[]): number[] {
  return heard.flatMap(({ pitch, atMs }) => {
    const mark = said.findLast((one) => one.pitch === pitch && one.atMs <= atMs);
    return mark ? [atMs - mark.atMs] : [];
  });
}

/** Finds the tones in a sound, mono, 48 kHz, as it comes. */
export class MarkFinder {
  readonly heard: Mark[] = [];
  #quiet = 0;
  #beganMs = 0;
  #tone: number[] | undefined;

  /** @param timeOf when a sample of this piece came out, ms */
  take(samples: Float32Array, timeOf: (index: number) => number): void {
    for (const [index, sample] of samples.entries()) {
      const isLoud = Math.abs(sample) > LOUD;
      if (this.#tone) this.#look(this.#tone, sample);
      else if (isLoud && this.#quiet >= QUIET_SAMPLES) {
        this.#tone = [];
        this.#beganMs = timeOf(index);
      }
      this.#quiet = isLoud ? 0 : this.#quiet + 1;
    }
  }

  #look(tone: number[], sample: number): void {
    tone.push(sample);
    if (tone.length < LOOK_FROM + LOOK_SAMPLES) return;
    this.#tone = undefined;
    const looked = tone.slice(LOOK_FROM);
    const crossings = looked.filter((value, index) => value < 0 !== (looked[index - 1] ?? value) < 0).length;
    const hz = (crossings * SAMPLE_RATE) / (2 * LOOK_SAMPLES);
    const pitch = PITCHES_HZ.findIndex((known) => Math.abs(known - hz) < 0.1 * known);
    if (pitch >= 0) this.heard.push({ pitch, atMs: this.#beganMs });
  }
}
