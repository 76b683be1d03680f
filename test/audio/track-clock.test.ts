import { expect, test } from 'vitest';
import { TrackClock } from '../../src/audio/track-clock.ts';

const SECOND = 48_000;

test('within speech the place of a frame is exact by RTP, whatever the jitter of its arrival', () => {
  const clock = new TrackClock(0);
  const first = clock.sampleOf({ ssrc: 1, timestamp: 5000 }, 1000);
  expect(first).toBe(SECOND);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 5960 }, 1093)).toBe(SECOND + 960);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 6920 }, 1041)).toBe(SECOND + 1920);
});

test('a silence during which the RTP clock ran on is kept to the sample', () => {
  const clock = new TrackClock(0);
  clock.sampleOf({ ssrc: 1, timestamp: 0 }, 1000);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 10 * SECOND + 7 }, 11_030)).toBe(11 * SECOND + 7);
});

test('a silence during which the RTP clock stood still is kept by the wall clock', () => {
  const clock = new TrackClock(0);
  clock.sampleOf({ ssrc: 1, timestamp: 0 }, 1000);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 960 }, 6000)).toBe(6 * SECOND);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 1920 }, 6025)).toBe(6 * SECOND + 960);
});

test('the RTP clock may wrap, and a frame that was overtaken finds its place', () => {
  const clock = new TrackClock(0);
  clock.sampleOf({ ssrc: 1, timestamp: 0xffff_ff00 }, 1000);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 0x2c0 }, 1020)).toBe(SECOND + 960);
  expect(clock.sampleOf({ ssrc: 1, timestamp: 0xffff_ff00 }, 1021)).toBe(SECOND);
});

test('another SSRC and a frame without RTP go by arrival, and nothing lies before the beginning', () => {
  const clock = new TrackClock(500);
  clock.sampleOf({ ssrc: 1, timestamp: 0 }, 1000);
  expect(clock.sampleOf({ ssrc: 2, timestamp: 77 }, 1500)).toBe(SECOND);
  expect(clock.sampleOf(undefined, 2500)).toBe(2 * SECOND);
  expect(clock.sampleOf(undefined, 100)).toBe(0);
});
