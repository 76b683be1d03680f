import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { levelled, loudnessOfSound } from '../support/levelled.ts';
import { broadcastFor } from '../support/long-broadcast.ts';
import { speechOf } from '../support/on-air.ts';
import { qualityOf } from '../support/programme-quality.ts';
import { ProgrammeRun } from '../support/programme-run.ts';
import { decoded } from '../support/sounds.ts';

let codec: LibopusCodec;
let speeches: readonly (readonly Uint8Array[])[];

beforeAll(async () => {
  codec = await LibopusCodec.load({ spares: 16 });
  const people = await Promise.all([speechOf('allison'), speechOf('june'), speechOf('carlo')]);
  speeches = people.map(({ frames }) => frames);
});

afterAll(() => codec.close());

describe('three people who talk at once, whose clocks are 200 ppm fast, slow and right', () => {
  const DRIFT = { driftPpm: [200, -200, 0], seed: 7 };
  const TICKS = 400;
  /** By the share of packets that are lost: the least segmental SNR, and the most spectral distance, dB. */
  const BOUNDS = [
    { loss: 0, leastSnr: 24.5, mostDistance: 5 },
    { loss: 0.02, leastSnr: 20, mostDistance: 5.3 },
    { loss: 0.05, leastSnr: 15.5, mostDistance: 5.8 },
    { loss: 0.1, leastSnr: 11, mostDistance: 6.5 },
  ];
  const grid = BOUNDS.flatMap((bounds) => [0, 20, 40, 80].map((jitterMs) => ({ ...bounds, jitterMs })));

  test.each(grid)(
    'are heard with $loss loss and $jitterMs ms of jitter',
    async ({ loss, jitterMs, leastSnr, mostDistance }) => {
      const quality = await qualityOf(codec, speeches, TICKS, { ...DRIFT, loss, jitterMs });
      expect(quality.segmentalSnr).toBeGreaterThan(leastSnr);
      expect(quality.spectralDistance).toBeLessThan(mostDistance);
      expect(quality.peak).toBeLessThan(1);
      expect(quality.delayP95Ms).toBeLessThan(120);
    },
  );

  test('are in time, on a network that is, and together no louder than one', async () => {
    const { delayP95Ms, lufs } = await qualityOf(codec, speeches, 1500, DRIFT);
    expect(delayP95Ms).toBeLessThanOrEqual(60);
    expect(Math.abs(lufs + 16)).toBeLessThan(1.5);
  });
});

describe('the programme is as loud as it should be', () => {
  test.each([
    [-30, 0],
    [-21, 1],
    [-11, 2],
    [-8, 0],
  ])('whoever speaks at %i LUFS', async (lufs, speaker) => {
    const packets = levelled(codec, speeches[speaker]?.slice(0, 1000) ?? [], lufs);
    const run = await new ProgrammeRun(codec).talk({ ssrc: 1, packets }).run(packets.length);
    const heard = decoded(codec, run.packets, 1);
    expect(Math.abs(loudnessOfSound(heard, 1) + 16)).toBeLessThan(1.5);
    expect(heard.every((sample) => Math.abs(sample) < 1)).toBe(true);
  });
});

test('a long broadcast does not make a speaker later whose clock is fast and who never pauses', () => {
  const hours = 1;
  const { delaysMs, counts, owned, ownedAfter } = broadcastFor(hours, 200);
  expect(delaysMs.length).toBeGreaterThanOrEqual(4 * hours);
  for (const ms of delaysMs) expect(Math.abs(ms - delaysMs[0]!)).toBeLessThan(20);
  expect(counts.passed).toBeGreaterThan(0.99 * hours * 180_000);
  expect(owned).toBeLessThanOrEqual(2);
  expect(ownedAfter).toBe(0);
});
