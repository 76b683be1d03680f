import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibopusCodec } from '../../../src/audio/opus-codec.ts';
import { bestCorrelation } from '../../support/correlation.ts';
import { levelled, loudnessOfSound } from '../../support/levelled.ts';
import { ListeningRun, decodingBy, decodingWith } from '../../support/listening-run.ts';
import { speechOf } from '../../support/on-air.ts';
import { decoded, inBothEars, tone } from '../../support/sounds.ts';
import { continuousSpeech, talkSpurts } from '../../support/speech-network.ts';

let codec: LibopusCodec;
let allison: readonly Uint8Array[];
let june: readonly Uint8Array[];

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 16 });
  allison = (await speechOf('allison')).frames;
  june = (await speechOf('june')).frames;
});

afterAll(() => codec.close());

/** A tone for each packet, with which it goes on where the one before ended. */
const SINE = tone({ hz: 200, dbfs: -16, seconds: 0.02 });
const asTone = decodingWith(() => SINE.slice());

/** From 20 s to 60 s up to 80 ms, this packet more and that packet less. */
function badForAWhile(ms: number): number {
  return ms > 20_000 && ms < 60_000 ? (ms * 7919) % 100 : 0;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function loudest(sound: Float32Array): number {
  return sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

function largestStep(sound: Float32Array): number {
  return sound.reduce(
    (most, sample, index) => Math.max(most, Math.abs(sample - (sound[index - 1] ?? sample))),
    0,
  );
}

/** Of each half second of what was said, how well it is heard within a fifth of a second. */
function likenesses(heard: Float32Array, said: Float32Array): number[] {
  return Array.from({ length: Math.floor(said.length / 24_000) }, (_, half) => {
    const at = half * 24_000;
    return bestCorrelation(heard.subarray(at, at + 33_600), said.subarray(at, at + 24_000)).correlation;
  });
}

/** ms, of the last second that had sound. */
function delayOf(run: ListeningRun): number {
  return (
    run.qualities.findLast(({ arrivalToContextMs }) => arrivalToContextMs !== undefined)
      ?.arrivalToContextMs ?? NaN
  );
}

describe('one speaker', () => {
  test('is heard as they spoke on a network that is in time, half of a tenth of a second later', () => {
    const packets = allison.slice(0, 500);
    const run = new ListeningRun(decodingBy(codec), [{ ssrc: 1, packets }]).run(10_000);
    const said = decoded(codec, packets, 1);
    for (const likeness of likenesses(run.sound, said.subarray(0, 432_000)).slice(6))
      expect(likeness).toBeGreaterThan(0.99);
    const { delaySamples } = bestCorrelation(run.sound, said.subarray(240_000, 288_000));
    const delayMs = (delaySamples - 240_000) / 48;
    expect(delayMs).toBeLessThan(60);
    expect(Math.abs(delayOf(run) - delayMs)).toBeLessThan(1);
  });

  test('is heard well with 5 % of loss and 40 ms of jitter', () => {
    const packets = allison.slice(0, 1000);
    const faults = { seed: 3, loss: 0.05, jitterMs: 40 };
    const run = new ListeningRun(decodingBy(codec), [{ ssrc: 1, packets }], faults).run(20_000);
    const found = likenesses(run.sound, decoded(codec, packets, 1).subarray(0, 912_000));
    expect(median(found)).toBeGreaterThan(0.9);
    expect(found.filter((likeness) => likeness > 0.8).length / found.length).toBeGreaterThan(0.75);
    expect(run.qualities.at(-2)?.lostShare).toBeGreaterThan(0.01);
    expect(run.qualities.at(-2)?.lostShare).toBeLessThan(0.12);
    expect(delayOf(run)).toBeLessThan(120);
  });

  test('is heard later while the network is bad, and sooner again when it is good', () => {
    const packets = talkSpurts({ lengthMs: 120_000, speechMs: 3000, pauseMs: 500 });
    const run = new ListeningRun(asTone, [{ ssrc: 1, packets }], { moreDelayMs: badForAWhile });
    const good = delayOf(run.run(20_000, false));
    const bad = delayOf(run.run(40_000, false));
    const again = delayOf(run.run(60_000, false));
    expect(bad).toBeGreaterThan(good + 30);
    expect(Math.abs(again - good)).toBeLessThan(21);
  });

  test.each([200, -200])(
    'stays as late as they were for ten minutes without a pause, their clock off by %i ppm',
    (driftPpm) => {
      const run = new ListeningRun(asTone, [{ ssrc: 1, packets: continuousSpeech(600_000), driftPpm }]);
      const delays = Array.from({ length: 10 }, () => delayOf(run.run(60_000, false)));
      for (const delay of delays) expect(Math.abs(delay - (delays[0] ?? NaN))).toBeLessThan(25);
      // Six times 20 ms.
      expect(run.listening.counts.concealed + run.listening.counts.merged).toBeLessThan(20);
    },
  );

  test('is heard without a click where packets are missing', () => {
    const packets = [...continuousSpeech(10_000)];
    const run = new ListeningRun(asTone, [{ ssrc: 1, packets }], { seed: 5, loss: 0.1 }).run(9000);
    expect(run.listening.counts.concealed).toBeGreaterThan(20);
    const sound = run.sound.subarray(48_000);
    expect(largestStep(sound)).toBeLessThan(1.5 * largestStep(SINE) * (loudest(sound) / loudest(SINE)));
  });

  test('fades away when they are cut off, and is not made up for longer', () => {
    const packets = [...continuousSpeech(2000)];
    const run = new ListeningRun(asTone, [{ ssrc: 1, packets }]).run(4000);
    expect(largestStep(run.sound)).toBeLessThan(0.05);
    expect(loudest(run.sound.subarray(2.4 * 48_000))).toBe(0);
  });
});

describe('what is of the past is not played', () => {
  test.each([500, 5000, 60_000])('after the network stood still for %i ms', (stallMs) => {
    const moreDelayMs = (ms: number): number => Math.max(0, ms < 10_000 ? 0 : 10_000 + stallMs - ms);
    const run = new ListeningRun(asTone, [{ ssrc: 1, packets: continuousSpeech(100_000) }], { moreDelayMs });
    const before = delayOf(run.run(9000, false));
    run.run(stallMs + 1200, false).listening.takeQuality();
    expect(Math.abs(delayOf(run.run(1000, false)) - before)).toBeLessThan(100);
  });

  test.each([300, 3000, 600_000])('after the sound card stood still for %i ms', (stoodStillMs) => {
    const run = new ListeningRun(asTone, [{ ssrc: 1, packets: continuousSpeech(700_000) }]);
    const before = delayOf(run.run(9000, false));
    run.standStill(stoodStillMs).listening.clear();
    run.listening.takeQuality();
    const after = delayOf(run.run(2000, false)) + run.stoodStillMs;
    expect(Math.abs(after - before)).toBeLessThan(60);
  });
});

test('a speaker who is retracted is heard no more, and the others go on without a gap', () => {
  const decode = decodingWith(({ ssrc }) =>
    ssrc === 1 ? tone({ hz: 3000, dbfs: -20, seconds: 0.02 }) : SINE.slice(),
  );
  const speakers = [1, 2].map((ssrc) => ({ ssrc, packets: continuousSpeech(10_000) }));
  const run = new ListeningRun(decode, speakers).run(4000);
  run.listening.retract(1);
  run.run(500);
  const after = run.sound.subarray(4 * 48_000 + 48, 4.5 * 48_000);
  expect(run.listening.takeLevels().map(({ ssrc }) => ssrc)).toEqual([2]);
  const period = 240;
  for (let at = period; at < after.length; at += 1) {
    expect(Math.abs((after[at] ?? 0) - (after[at - period] ?? 0))).toBeLessThan(0.02);
  }
});

test('two speakers of different loudness are brought to one, and their sum is limited', () => {
  const [quiet, loud] = [
    levelled(codec, allison.slice(0, 1000), -32),
    levelled(codec, june.slice(0, 1000), -9),
  ];
  const speakers = [
    { ssrc: 1, packets: quiet },
    { ssrc: 2, packets: loud, startMs: 20_000 },
  ];
  const run = new ListeningRun(decodingBy(codec), speakers).run(40_000);
  const half = (at: number): Float32Array =>
    inBothEars(run.sound.subarray((at + 6) * 48_000, (at + 20) * 48_000));
  expect(Math.abs(loudnessOfSound(half(0), 2) + 16)).toBeLessThan(2.5);
  expect(Math.abs(loudnessOfSound(half(20), 2) + 16)).toBeLessThan(2);
  expect(loudest(run.sound)).toBeLessThan(0.9);
});

test('levels are of those who speak, and as loud as they are heard', () => {
  const run = new ListeningRun(asTone, [{ ssrc: 7, packets: [...continuousSpeech(1000)] }]).run(900);
  const [level] = run.listening.takeLevels();
  expect(level?.ssrc).toBe(7);
  expect(level?.level).toBeGreaterThan(0.5);
  expect(level?.level).toBeLessThan(0.9);
  run.run(1000);
  run.listening.takeLevels();
  run.run(100);
  expect(run.listening.takeLevels()).toEqual([]);
});
