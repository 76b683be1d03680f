import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITER_DELAY_SAMPLES, Limiter } from '../../src/audio/limiter.ts';
import { inBothEars, inFrames, joined, tone } from '../support/sounds.ts';
import { truePeakDbtp } from '../support/true-peak-meter.ts';

function limited(pcm: Float32Array, channels: 1 | 2): Float32Array {
  const limiter = new Limiter(channels);
  return joined(
    inFrames(pcm, channels).map((frame) => {
      const output = new Float32Array(frame.length);
      limiter.process(frame, output);
      return output;
    }),
  );
}

/** Noise whose loudness jumps about. */
const wildSound = fc
  .record({
    seed: fc.integer(),
    channels: fc.constantFrom(1 as const, 2 as const),
    bursts: fc.array(
      fc.record({
        at: fc.nat(12_000),
        length: fc.integer({ min: 1, max: 3000 }),
        peak: fc.double({ min: 0.01, max: 8, noNaN: true }),
        /** Hz; 0 for noise. */
        hz: fc.oneof(fc.constant(0), fc.integer({ min: 20, max: 23_999 })),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ seed, channels, bursts }) => {
    // Two frames longer than any burst: what is cut off in the midst of a sound rings higher than the sound.
    const pcm = new Float32Array(960 * 18 * channels);
    let state = seed | 1;
    for (const { at, length, peak, hz } of bursts) {
      for (let index = at * channels; index < Math.min(pcm.length, (at + length) * channels); index++) {
        state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
        pcm[index] =
          hz === 0 ? (state / 2 ** 31) * peak : Math.sin((index / channels / 48_000) * hz * 6.283) * peak;
      }
    }
    return { pcm, channels };
  });

describe('the limiter', () => {
  test('lets nothing be higher than −1 dBTP, whatever comes', () => {
    fc.assert(
      fc.property(wildSound, ({ pcm, channels }) => {
        expect(truePeakDbtp(limited(pcm, channels), channels)).toBeLessThan(-1);
      }),
      { numRuns: 150 },
    );
  });

  test('leaves alone what is below the ceiling: the same samples, later', () => {
    const sound = tone({ hz: 997, dbfs: -1.3, seconds: 0.5 });
    const output = limited(sound, 1);
    expect(output.subarray(LIMITER_DELAY_SAMPLES)).toEqual(
      sound.subarray(0, output.length - LIMITER_DELAY_SAMPLES),
    );
  });

  test('turns both channels down as one: the picture does not move', () => {
    const sound = inBothEars(tone({ hz: 440, dbfs: 6, seconds: 0.3 }));
    for (let index = 1; index < sound.length; index += 2) sound[index]! *= 0.25;
    const output = limited(sound, 2);
    for (let index = 0; index < output.length; index += 2) {
      expect(output[index + 1]).toBeCloseTo(output[index]! * 0.25, 5);
    }
  });

  test('comes back to exactly unity after a peak, without a jump', () => {
    const sound = tone({ hz: 997, dbfs: -6, seconds: 2 });
    for (let index = 4800; index < 4900; index++) sound[index]! *= 4;
    const output = limited(sound, 1);
    const late = output.length - 9600;
    expect(output.subarray(late)).toEqual(
      sound.subarray(late - LIMITER_DELAY_SAMPLES, -LIMITER_DELAY_SAMPLES),
    );
    let steepest = 0;
    for (let index = 24_000; index < output.length - 1; index++) {
      const before = output[index]! / sound[index - LIMITER_DELAY_SAMPLES]!;
      const after = output[index + 1]! / sound[index + 1 - LIMITER_DELAY_SAMPLES]!;
      if (
        Math.abs(sound[index - LIMITER_DELAY_SAMPLES]!) > 0.2 &&
        Math.abs(sound[index + 1 - LIMITER_DELAY_SAMPLES]!) > 0.2
      )
        steepest = Math.max(steepest, Math.abs(after - before));
    }
    expect(steepest).toBeLessThan(0.001);
  });
});
