import { describe, expect, test } from 'vitest';
import { type TimedFrame, TrackClock } from '../../src/audio/track-clock.ts';

const SECOND = 48_000;

function speech(timestamp: number, ssrc = 1): TimedFrame {
  return { ssrc, timestamp: timestamp >>> 0, samples: 960, isSilence: false };
}

function silence(timestamp: number): TimedFrame {
  return { ...speech(timestamp), isSilence: true };
}

describe('within speech', () => {
  test('the place of a frame is exact by RTP, whatever the jitter of its arrival', () => {
    const clock = new TrackClock(0);
    expect(clock.place(speech(5000), 1000)).toBe(SECOND);
    expect(clock.place(speech(5960), 1093)).toBe(SECOND + 960);
    expect(clock.place(speech(6920), 1041)).toBe(SECOND + 1920);
  });

  test.each([500, 2000, 30_000])(
    'a network that stands still for %i ms and then brings all at once moves nothing',
    (stallMs) => {
      const clock = new TrackClock(0);
      const places = Array.from({ length: 3000 }, (_, frame) => {
        const sentMs = 1000 + frame * 20;
        const isStalled = sentMs > 2000 && sentMs < 2000 + stallMs;
        return clock.place(speech(frame * 960), isStalled ? 2000 + stallMs : sentMs);
      });
      expect(places).toEqual(Array.from({ length: 3000 }, (_, frame) => SECOND + frame * 960));
    },
  );

  test('a sender whose clock is fast by 200 ppm loses no frame in three hours', () => {
    const clock = new TrackClock(0);
    let last = -960;
    for (let frame = 0; frame < 540_000; frame++) {
      const place = clock.place(speech(frame * 960), frame * 20 * (1 - 0.0002));
      if (place !== last + 960) expect(place).toBe(last + 960);
      last = place;
    }
  });

  test('the RTP clock may wrap, and a frame that was overtaken finds its place', () => {
    const clock = new TrackClock(0);
    clock.place(speech(0xffff_ff00), 1000);
    expect(clock.place(speech(0x2c0), 1020)).toBe(SECOND + 960);
    expect(clock.place(speech(0xffff_ff00), 1021)).toBe(SECOND);
    expect(clock.place(speech(0x680), 1040)).toBe(SECOND + 1920);
  });
});

describe('across a silence', () => {
  test('during which the RTP clock ran on, it is kept to the sample', () => {
    const clock = new TrackClock(0);
    clock.place(silence(0), 1000);
    expect(clock.place(speech(10 * SECOND + 7), 11_030)).toBe(11 * SECOND + 7);
  });

  test('during which the RTP clock stood still, it is kept by the wall clock', () => {
    const clock = new TrackClock(0);
    clock.place(silence(0), 1000);
    expect(clock.place(speech(960), 6000)).toBe(6 * SECOND);
    expect(clock.place(speech(1920), 6025)).toBe(6 * SECOND + 960);
  });

  test('nothing is put over what is there, even if the wall clock says so', () => {
    const clock = new TrackClock(0);
    for (let frame = 0; frame < 100; frame++) clock.place(speech(frame * 960), 1000);
    clock.place(silence(100 * 960), 1000);
    expect(clock.place(speech(90_000_000), 1100)).toBe(SECOND + 101 * 960);
  });
});

test('another SSRC goes by arrival, behind what there is, and nothing lies before the beginning', () => {
  const clock = new TrackClock(500);
  expect(clock.place(speech(0), 100)).toBe(0);
  expect(clock.place(speech(77, 2), 1500)).toBe(SECOND);
  expect(clock.place(speech(9, 3), 1501)).toBe(SECOND + 960);
  expect(clock.sampleAt(2500)).toBe(2 * SECOND);
});
