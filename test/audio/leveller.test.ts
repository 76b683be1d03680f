import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Leveller } from '../../src/audio/leveller.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { loudnessOfSound } from '../support/levelled.ts';
import { speechOf } from '../support/on-air.ts';
import { decoded, inFrames, tone } from '../support/sounds.ts';

const PEOPLE = ['allison', 'june', 'carlo'] as const;
const FRAMES_PER_S = 50;

let codec: LibopusCodec;
const speeches = new Map<string, Float32Array>();

beforeAll(async () => {
  codec = await LibopusCodec.load();
  for (const name of PEOPLE) speeches.set(name, decoded(codec, (await speechOf(name)).frames, 1));
});

afterAll(() => codec.close());

function speechAt(name: string, lufs: number): Float32Array[] {
  const speech = speeches.get(name) ?? new Float32Array();
  const gain = 10 ** ((lufs - loudnessOfSound(speech, 1)) / 20);
  return inFrames(
    speech.map((sample) => sample * gain),
    1,
  );
}

/** dB after each frame. */
function gainsOf(frames: readonly Float32Array[], leveller = new Leveller()): number[] {
  return frames.map((frame) => {
    leveller.hear(frame, 1);
    return leveller.gainDb;
  });
}

describe.each(PEOPLE)('%s', (name) => {
  test.each([-15.2, -16, -16.8])('at %f LUFS is left alone from beginning to end', (lufs) => {
    expect(new Set(gainsOf(speechAt(name, lufs)))).toEqual(new Set([0]));
  });

  test.each([-30, -24, -20, -12, -8])(
    'at %f LUFS is brought to −16 within four seconds, and stays there',
    (lufs) => {
      const frames = speechAt(name, lufs);
      const gains = gainsOf(frames);
      const wanted = -16 - lufs;
      for (const gain of gains.slice(4 * FRAMES_PER_S)) {
        expect(Math.abs(gain - Math.min(14, wanted))).toBeLessThan(2.5);
      }
      const settled = gains.slice(10 * FRAMES_PER_S);
      const way = settled.reduce(
        (sum, gain, index) => sum + Math.abs(gain - (settled[index - 1] ?? gain)),
        0,
      );
      // Prosody does not move it: in half a minute it corrects itself once or twice, by a dB.
      expect(way).toBeLessThan(2.5);
    },
  );
});

test('a gain is exactly unity again when the speaker has become loud enough', () => {
  const leveller = new Leveller();
  gainsOf(speechAt('june', -24), leveller);
  expect(leveller.gainDb).toBeGreaterThan(6);
  gainsOf([...speechAt('june', -16), ...speechAt('june', -16)], leveller);
  expect(leveller.gain).toBe(1);
});

test('noise is not lifted, and does not count for the speaker', () => {
  const noise = inFrames(tone({ hz: 200, dbfs: -53, seconds: 30 }), 1);
  expect(new Set(gainsOf(noise))).toEqual(new Set([0]));
  const gains = gainsOf([...speechAt('june', -16), ...noise, ...speechAt('june', -16)]);
  expect(new Set(gains)).toEqual(new Set([0]));
});

test('the gain stands still in a pause', () => {
  const leveller = new Leveller();
  const speech = gainsOf(speechAt('june', -30).slice(0, 75), leveller);
  expect(speech.at(-1)).toBeGreaterThan(0);
  const room = inFrames(tone({ hz: 200, dbfs: -60, seconds: 10 }), 1);
  // 400 ms of the speech are still in the measure.
  const gains = gainsOf(room, leveller).slice(25);
  expect(new Set(gains).size).toBe(1);
  expect(gains[0]).toBeLessThan(12);
});

test('whatever comes, the gain has bounds, and moves no faster than 8 dB a second', () => {
  const piece = fc.record({
    dbfs: fc.double({ min: -90, max: 12, noNaN: true }),
    frames: fc.integer({ min: 1, max: 120 }),
  });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (pieces) => {
      const leveller = new Leveller();
      let last = 0;
      for (const { dbfs, frames } of pieces) {
        const frame = tone({ hz: 500, dbfs, seconds: 0.02 });
        for (let count = 0; count < frames; count++) {
          leveller.hear(frame, 1);
          expect(Math.abs(leveller.gainDb)).toBeLessThanOrEqual(14);
          expect(Math.abs(leveller.gainDb - last)).toBeLessThanOrEqual(8 / FRAMES_PER_S + 1e-9);
          last = leveller.gainDb;
        }
      }
    }),
    { numRuns: 40 },
  );
});
