import { expect, test } from 'vitest';
import { SILENCE } from '../../src/audio/opus-packet.ts';
import {
  type Arrival,
  continuousSpeech,
  speechNetwork,
  type SpeechNetworkFaults,
  speechPacket,
  talkSpurts,
} from '../support/speech-network.ts';

function minuteOf(faults: SpeechNetworkFaults): Arrival[] {
  return [...speechNetwork([{ ssrc: 1, packets: continuousSpeech(60_000) }], faults)];
}

test('without faults each packet arrives as it was sent, in its time', () => {
  const arrivals = minuteOf({ delayMs: 30 });
  expect(arrivals).toHaveLength(3000);
  expect(arrivals[7]).toEqual({
    atMs: 170,
    sentMs: 140,
    ssrc: 1,
    frame: { sequence: 7, timestamp: 7 * 960, opus: speechPacket(7) },
  });
});

test('the same seed makes the same network, another seed another', () => {
  const faults = { loss: 0.1, jitterMs: 50, duplicates: 0.1 };
  expect(minuteOf({ ...faults, seed: 4 })).toEqual(minuteOf({ ...faults, seed: 4 }));
  expect(minuteOf({ ...faults, seed: 4 })).not.toEqual(minuteOf({ ...faults, seed: 5 }));
});

test('loss, bursts of it, duplicates and jitter are as asked for, and arrivals in the order of time', () => {
  expect(minuteOf({ loss: 0.2 }).length / 3000).toBeCloseTo(0.8, 1);
  expect(minuteOf({ duplicates: 0.2 }).length / 3000).toBeCloseTo(1.2, 1);
  const bursts = minuteOf({ loss: 0.2, lossBurst: 4 });
  const gaps = bursts.flatMap(({ frame }, at) => {
    const missing = frame.sequence - (bursts[at - 1]?.frame.sequence ?? -1) - 1;
    return missing > 0 ? [missing] : [];
  });
  const lost = gaps.reduce((sum, gap) => sum + gap, 0);
  expect(lost / 3000).toBeCloseTo(0.2, 1);
  expect(Math.abs(lost / gaps.length - 4)).toBeLessThan(0.6);
  const late = minuteOf({ jitterMs: 80 });
  expect(late.map(({ atMs }) => atMs)).toEqual(late.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  expect(late.every(({ atMs, sentMs }) => atMs >= sentMs && atMs <= sentMs + 80)).toBe(true);
  expect(late.some(({ frame }, at) => frame.sequence < (late[at - 1]?.frame.sequence ?? 0))).toBe(true);
});

test('a fast clock sends more in the same time', () => {
  const speech = { ssrc: 1, packets: continuousSpeech(1_000_000), driftPpm: 200 };
  const last = [...speechNetwork([speech])].at(-1);
  expect(last?.sentMs).toBeCloseTo(999_980 - 200, 0);
});

test('speakers are heard together, each with its own numbers', () => {
  const ann = { ssrc: 1, packets: continuousSpeech(100), firstSequence: 0xffff, firstTimestamp: 0xffff_ffff };
  const ben = { ssrc: 2, packets: continuousSpeech(60), startMs: 30 };
  const heard = [...speechNetwork([ann, ben])].map(({ atMs, ssrc, frame }) => [
    atMs,
    ssrc,
    frame.sequence,
    frame.timestamp,
  ]);
  expect(heard).toEqual([
    [0, 1, 0xffff, 0xffff_ffff],
    [20, 1, 0, 959],
    [30, 2, 0, 0],
    [40, 1, 1, 1919],
    [50, 2, 1, 960],
    [60, 1, 2, 2879],
    [70, 2, 2, 1920],
    [80, 1, 3, 3839],
  ]);
});

test.each([
  [false, 9 * 960],
  [true, 7 * 960],
])(
  'a pause follows five frames of silence; the RTP clock stands still in it: %s',
  (isClockStopped, timestamp) => {
    const packets = talkSpurts({ lengthMs: 200, speechMs: 40, pauseMs: 40 });
    const arrivals = [...speechNetwork([{ ssrc: 1, packets, isClockStopped }])];
    expect(arrivals.map(({ atMs }) => atMs)).toEqual([0, 20, 40, 60, 80, 100, 120, 180]);
    expect(arrivals.slice(2, 7).map(({ frame }) => frame.opus)).toEqual(
      Array.from({ length: 5 }, () => SILENCE),
    );
    expect(arrivals.at(-1)?.frame).toEqual({ sequence: 7, timestamp, opus: speechPacket(2) });
  },
);
