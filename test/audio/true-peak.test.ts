import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PEAK_BLOCK_SAMPLES, blockPeak } from '../../src/audio/true-peak.ts';
import { truePeakDbtp } from '../support/true-peak-meter.ts';
import { inBothEars, tone } from '../support/sounds.ts';

/** From nothing, over 5 ms, and back: a tone that is cut has a higher peak where it is cut. */
function swelling(sound: Float32Array): Float32Array {
  return sound.map((sample, index) => sample * Math.min(1, index / 240, (sound.length - 1 - index) / 240));
}

test('a tone of a quarter of the sample rate, sampled beside its peaks, is 3 dB higher than its samples (EBU Tech 3341, case 16)', () => {
  const sound = swelling(tone({ hz: 12_000, dbfs: -6, seconds: 0.5, phase: 45 }));
  const sampleDbfs = 20 * Math.log10(Math.max(...sound));
  expect(sampleDbfs).toBeCloseTo(-9, 1);
  expect(truePeakDbtp(sound, 1)).toBeGreaterThan(-6.4);
  expect(truePeakDbtp(sound, 1)).toBeLessThan(-5.8);
});

test.each([
  [12_000, 0],
  [8000, 60],
  [6000, 67.5],
  [997, 0],
])('a tone of %i Hz at phase %f has the peak that it has', (hz, phase) => {
  const sound = swelling(tone({ hz, dbfs: -6, seconds: 0.5, phase }));
  expect(truePeakDbtp(sound, 1)).toBeGreaterThan(-6.4);
  expect(truePeakDbtp(sound, 1)).toBeLessThan(-5.8);
});

test('each channel is looked at by itself', () => {
  const sound = inBothEars(swelling(tone({ hz: 12_000, dbfs: -6, seconds: 0.1, phase: 45 })));
  for (let index = 0; index < sound.length; index += 2) sound[index] = 0;
  expect(truePeakDbtp(sound, 2)).toBeGreaterThan(-6.4);
  expect(truePeakDbtp(sound, 2)).toBeLessThan(-5.8);
});

test('what is not looked at between its samples could not have been higher', () => {
  const samples = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 48, maxLength: 48 });
  fc.assert(
    fc.property(samples, fc.float({ min: Math.fround(0.1), max: 2, noNaN: true }), (values, enough) => {
      const pcm = Float32Array.from(values);
      const full = blockPeak(pcm, PEAK_BLOCK_SAMPLES, 1, 0);
      const quick = blockPeak(pcm, PEAK_BLOCK_SAMPLES, 1, enough);
      expect(quick > enough).toBe(full > enough);
    }),
  );
});
