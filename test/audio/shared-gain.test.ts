import { expect, test } from 'vitest';
import { SharedGain } from '../../src/audio/shared-gain.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { noProgrammeCounts } from '../../src/audio/programme.ts';
import { Speaker } from '../../src/audio/speaker.ts';

const codec = await LibopusCodec.load({ spares: 0 });

/** Somebody who says nothing but is taken to speak with this power. */
function voice(power: number): Speaker {
  const speaker = new Speaker(1, codec, noProgrammeCounts());
  speaker.newest = { isSpeech: true, isAudible: true, passable: undefined, isTooLoud: false, power };
  return speaker;
}

function gainsOf(gain: SharedGain, voices: readonly Speaker[], frames: number): number[] {
  return Array.from({ length: frames }, () => {
    gain.advance(voices);
    return gain.gain;
  });
}

test('one voice is not touched, nor one beside which the others are nothing', () => {
  expect(new Set(gainsOf(new SharedGain(), [voice(0.02)], 100))).toEqual(new Set([1]));
  expect(new Set(gainsOf(new SharedGain(), [voice(0.02), voice(0.0005)], 100))).toEqual(new Set([1]));
});

test.each([2, 3, 5])('%i equal voices are together as loud as one', (count) => {
  const voices = Array.from({ length: count }, () => voice(0.02));
  expect(gainsOf(new SharedGain(), voices, 100).at(-1)).toBeCloseTo(Math.sqrt(1 / count), 2);
});

test('the gain moves by less than 1.5 dB a frame, and is exactly unity again when one is left', () => {
  const shared = new SharedGain();
  const [one, other] = [voice(0.02), voice(0.02)];
  const gains = [1, ...gainsOf(shared, [one, other], 50)];
  other.newest = { ...other.newest, isSpeech: false, power: 0 };
  gains.push(...gainsOf(shared, [one, other], 100));
  for (const [index, gain] of gains.entries()) {
    if (index > 0) expect(Math.abs(20 * Math.log10(gain / gains[index - 1]!))).toBeLessThan(1.5);
  }
  expect(gains.at(-1)).toBe(1);
});

test('what was said is forgotten on request', () => {
  const shared = new SharedGain();
  const [one, other] = [voice(0.02), voice(0.02)];
  gainsOf(shared, [one, other], 50);
  shared.forget(other);
  shared.settle();
  expect(shared.gain).toBe(1);
});
