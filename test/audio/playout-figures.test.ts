import { describe, expect, test } from 'vitest';
import { JitterBuffer, type JitterCounts, type Playout } from '../../src/audio/jitter-buffer.ts';
import {
  continuousSpeech,
  type Speech,
  speechNetwork,
  type SpeechNetworkFaults,
  talkSpurts,
} from '../support/speech-network.ts';

const HOUR_MS = 3_600_000;

interface Played {
  /** From the arrival, and from the sending, of each packet to its turn, ms. */
  readonly sinceArrivalMs: Float64Array;
  readonly sinceSentMs: Float64Array;
  /** When the delay was corrected. */
  readonly corrections: readonly { readonly atMs: number; readonly is: Playout['is'] }[];
  readonly counts: JitterCounts;
}

/** Plays a stream through a buffer, a turn every 20 ms. */
function play(speech: Omit<Speech, 'ssrc'>, faults: SpeechNetworkFaults, phaseMs = 7): Played {
  const buffer = new JitterBuffer();
  const sent = new Map<Uint8Array, { readonly atMs: number; readonly sentMs: number }>();
  const sinceArrivalMs: number[] = [];
  const sinceSentMs: number[] = [];
  const corrections: { atMs: number; is: Playout['is'] }[] = [];
  const turn = (turnMs: number): void => {
    const playout = buffer.pull(turnMs);
    for (const opus of opusOf(playout)) {
      const packet = sent.get(opus);
      sent.delete(opus);
      if (!packet) continue;
      sinceArrivalMs.push(turnMs - packet.atMs);
      sinceSentMs.push(turnMs - packet.sentMs);
    }
    if (playout.is === 'merge' || playout.is === 'hold') corrections.push({ atMs: turnMs, is: playout.is });
  };
  let dueMs = phaseMs;
  for (const { atMs, sentMs, frame } of speechNetwork([{ ssrc: 1, ...speech }], faults)) {
    for (; dueMs < atMs; dueMs += 20) turn(dueMs);
    sent.set(frame.opus, { atMs, sentMs });
    buffer.push(frame, atMs);
  }
  for (let turns = 0; turns < 20; turns += 1) turn(dueMs + turns * 20);
  return {
    sinceArrivalMs: Float64Array.from(sinceArrivalMs),
    sinceSentMs: Float64Array.from(sinceSentMs),
    corrections,
    counts: buffer.counts,
  };
}

function opusOf(playout: Playout): readonly Uint8Array[] {
  if (playout.is === 'frame') return [playout.opus];
  return playout.is === 'merge' ? [playout.first, playout.second] : [];
}

function percentile(values: Float64Array, share: number): number {
  return values.toSorted()[Math.floor(share * (values.length - 1))] ?? NaN;
}

describe('in two minutes of speech and pauses', () => {
  test.each([
    // Jitter, loss, and the p95 of what the buffer adds: one turn of 20 ms above the reserve at most.
    [0, 0, 25],
    [0, 0.05, 25],
    [20, 0, 40],
    [20, 0.05, 40],
    [40, 0, 60],
    [40, 0.05, 60],
    [80, 0, 95],
    [80, 0.05, 95],
  ])(
    'with %i ms of jitter and a loss of %d the buffer adds little, and few frames come late',
    (jitterMs, loss, p95Ms) => {
      // Where in a turn a sender's clock stands is chance, and it is worth up to 20 ms.
      for (let phaseMs = 0; phaseMs < 20; phaseMs += 2) {
        const packets = talkSpurts({ lengthMs: 120_000, speechMs: 3000, pauseMs: 1500 });
        const faults = { seed: phaseMs, jitterMs, loss, delayMs: 30 };
        const { sinceArrivalMs, counts } = play({ packets }, faults, phaseMs);
        expect(percentile(sinceArrivalMs, 0.95)).toBeLessThanOrEqual(p95Ms);
        expect(counts.late / counts.received).toBeLessThan(0.01);
        expect(counts.overflow).toBe(0);
      }
    },
  );
});

describe('in four hours', () => {
  test.each([200, -200])(
    'of speech without a pause, %i ppm of drift are corrected one frame at a time',
    (driftPpm) => {
      const packets = continuousSpeech(4 * HOUR_MS);
      const { sinceSentMs, corrections, counts } = play(
        { packets, driftPpm, firstTimestamp: 4e9 },
        { jitterMs: 15 },
      );
      const later = sinceSentMs.subarray(500);
      expect(later.reduce((most, ms) => Math.max(most, ms)) - 15).toBeLessThan(25);
      // 200 ppm of four hours are 2880 ms: 144 frames, all of them one way.
      const drifted = corrections.filter(({ is }) => is === (driftPpm > 0 ? 'merge' : 'hold'));
      expect(drifted.length).toBeGreaterThanOrEqual(143);
      expect(corrections.length).toBeLessThanOrEqual(148);
      const gapsMs = drifted.slice(3).map(({ atMs }, at) => atMs - (drifted[at + 2]?.atMs ?? 0));
      expect(Math.min(...gapsMs)).toBeGreaterThan(80_000);
      expect(counts.late / counts.received).toBeLessThan(0.01);
    },
  );

  test.each([200, -200])('of speech and pauses, %i ppm of drift are corrected in the pauses', (driftPpm) => {
    const packets = talkSpurts({ lengthMs: 4 * HOUR_MS, speechMs: 3000, pauseMs: 1500 });
    const { sinceSentMs, corrections, counts } = play({ packets, driftPpm }, {});
    const hour = Math.floor(sinceSentMs.length / 4);
    const [first, last] = [sinceSentMs.subarray(500, hour), sinceSentMs.subarray(-hour)];
    for (const share of [0.05, 0.5, 0.95, 1]) {
      expect(Math.abs(percentile(last, share) - percentile(first, share))).toBeLessThan(2);
    }
    expect(percentile(last, 1)).toBeLessThan(25);
    // Of the 144 that this would take in speech.
    expect(corrections.length).toBeLessThanOrEqual(12);
    expect(counts).toMatchObject({ late: 0, overflow: 0 });
  });
});

test('jitter with a long tail does not make the delay swing', () => {
  let state = 1;
  const moreDelayMs = (): number => {
    state = (state * 48_271) % 0x7fff_ffff;
    return -20 * Math.log(state / 0x7fff_ffff);
  };
  const { corrections, counts } = play({ packets: continuousSpeech(600_000) }, { moreDelayMs });
  expect(corrections.length).toBeLessThan(40);
  expect(counts.late / counts.received).toBeLessThan(0.02);
});
