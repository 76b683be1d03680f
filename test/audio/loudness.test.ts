import { describe, expect, test } from 'vitest';
import { LoudnessMeter } from '../../src/audio/loudness.ts';
import { inBothEars, inFrames, joined, tone } from '../support/sounds.ts';

function measured(pcm: Float32Array, channels: 1 | 2): LoudnessMeter {
  const meter = new LoudnessMeter();
  for (const frame of inFrames(pcm, channels)) meter.add(frame, channels);
  return meter;
}

const LEFT_ONLY = (mono: Float32Array) =>
  Float32Array.from({ length: 2 * mono.length }, (_, index) => (index % 2 === 0 ? mono[index >> 1]! : 0));

describe('the reference signals of EBU Tech 3341', () => {
  test.each([-23, -33])('a tone of 1 kHz at %i dBFS in both channels has as many LUFS', (dbfs) => {
    const meter = measured(inBothEars(tone({ hz: 1000, dbfs, seconds: 20 })), 2);
    expect(meter.momentary).toBeCloseTo(dbfs, 1);
    expect(meter.shortTerm).toBeCloseTo(dbfs, 1);
    expect(Math.abs(meter.integrated - dbfs)).toBeLessThan(0.1);
  });

  test('what is far quieter than the rest does not count (case 3)', () => {
    const parts = [
      { dbfs: -36, seconds: 10 },
      { dbfs: -23, seconds: 60 },
      { dbfs: -36, seconds: 10 },
    ].map((part) => tone({ hz: 1000, ...part }));
    expect(Math.abs(measured(inBothEars(joined(parts)), 2).integrated + 23)).toBeLessThan(0.1);
  });

  test('what is hardly there counts less still (case 4)', () => {
    const parts = [
      { dbfs: -72, seconds: 10 },
      { dbfs: -36, seconds: 10 },
      { dbfs: -23, seconds: 60 },
      { dbfs: -36, seconds: 10 },
      { dbfs: -72, seconds: 10 },
    ].map((part) => tone({ hz: 1000, ...part }));
    expect(Math.abs(measured(inBothEars(joined(parts)), 2).integrated + 23)).toBeLessThan(0.1);
  });

  test('what is a little quieter does count (case 5)', () => {
    const parts = [
      { dbfs: -26, seconds: 20 },
      { dbfs: -20, seconds: 20.1 },
      { dbfs: -26, seconds: 20 },
    ].map((part) => tone({ hz: 1000, ...part }));
    expect(Math.abs(measured(inBothEars(joined(parts)), 2).integrated + 23)).toBeLessThan(0.1);
  });
});

test('a tone of 997 Hz at full scale in one channel has −3.01 LUFS (BS.1770-4)', () => {
  const meter = measured(LEFT_ONLY(tone({ hz: 997, dbfs: 0, seconds: 5 })), 2);
  expect(Math.abs(meter.integrated + 3.01)).toBeLessThan(0.02);
});

test('mono is as loud as the same in both ears', () => {
  const mono = tone({ hz: 440, dbfs: -20, seconds: 3 });
  expect(measured(mono, 1).integrated).toBeCloseTo(measured(inBothEars(mono), 2).integrated, 6);
});

test('the ear hears 2 kHz louder, and 40 Hz quieter, than 1 kHz', () => {
  const [low = 0, middle = 0, high = 0] = [40, 1000, 2000].map(
    (hz) => measured(tone({ hz, dbfs: -20, seconds: 3 }), 1).integrated,
  );
  expect(high - middle).toBeGreaterThan(1.5);
  expect(low - middle).toBeLessThan(-5);
});

test('silence has no loudness', () => {
  const meter = measured(new Float32Array(48_000), 1);
  expect(meter.momentary).toBe(-Infinity);
  expect(meter.integrated).toBe(-Infinity);
  expect(new LoudnessMeter().shortTerm).toBe(-Infinity);
});
