import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Channels, LibopusCodec, type OpusCodec } from '../../src/audio/opus-codec.ts';
import { Programme } from '../../src/audio/programme.ts';
import { levelled, loudnessOfSound } from '../support/levelled.ts';
import { speechOf } from '../support/on-air.ts';
import { qualityOf } from '../support/programme-quality.ts';
import { ProgrammeRun } from '../support/programme-run.ts';
import { decoded } from '../support/sounds.ts';
import { continuousSpeech, speechNetwork } from '../support/speech-network.ts';

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

describe('a long broadcast', () => {
  /** Makes nothing of anything, in no time; and knows what is still owned. */
  class CheapCodec implements OpusCodec {
    owned = 0;
    readonly #pcm = new Float32Array(960).fill(0.05);

    takeDecoder(channels: Channels) {
      const pcm = () => this.#pcm.slice();
      return { channels, decode: pcm, recover: pcm, conceal: pcm, free: this.#owner() };
    }

    takeEncoder(channels: Channels) {
      return { channels, encode: () => new Uint8Array(100), setIndependent() {}, free: this.#owner() };
    }

    close() {}

    #owner(): () => void {
      this.owned += 1;
      return () => void (this.owned -= 1);
    }
  }

  test('does not make a speaker later whose clock is fast and who never pauses', () => {
    const hours = 1;
    const cheap = new CheapCodec();
    const programme = new Programme({ codec: cheap });
    const sentMs = new Map<Uint8Array, number>();
    const speech = { ssrc: 1, driftPpm: 200, packets: continuousSpeech(hours * 3_600_000) };
    /** From sending to going out, by quarters of an hour: the mean. */
    const delays: { sum: number; count: number }[] = [];
    let dueMs = 7;
    const tick = (): void => {
      const packet = programme.tick(dueMs);
      const sent = sentMs.get(packet);
      if (sent !== undefined) {
        const quarter = (delays[Math.floor(dueMs / 900_000)] ??= { sum: 0, count: 0 });
        quarter.sum += dueMs - sent;
        quarter.count += 1;
        sentMs.clear();
      }
    };
    for (const { atMs, sentMs: sent, ssrc, frame } of speechNetwork([speech], { jitterMs: 15 })) {
      for (; dueMs < atMs; dueMs += 20) tick();
      sentMs.set(frame.opus, sent);
      programme.receive({ ssrc, ...frame }, atMs);
    }
    const means = delays.map(({ sum, count }) => sum / count);
    expect(means.length).toBeGreaterThanOrEqual(4 * hours);
    for (const mean of means) expect(Math.abs(mean - means[0]!)).toBeLessThan(20);
    expect(programme.counts.passed).toBeGreaterThan(0.99 * hours * 180_000);
    expect(cheap.owned).toBeLessThanOrEqual(2);
    programme.close();
    expect(cheap.owned).toBe(0);
  });
});
