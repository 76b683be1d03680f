import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BufferedFrame } from '../../src/audio/jitter-buffer.ts';
import { SILENCE } from '../../src/audio/opus-packet.ts';
import { speechPacket } from '../support/speech-network.ts';
import { count, frame, SAMPLES, spoken, Turns } from '../support/turns.ts';

/** Five frames of silence from this index on. */
function ending(index: number): BufferedFrame[] {
  return Array.from({ length: 5 }, (_, ahead) => frame(index + ahead, SILENCE));
}

/** `frames` of a stream whose numbers and times are set anew. */
function fresh(sequence: number, timestamp: number, frames: number, first = 0): BufferedFrame[] {
  return Array.from({ length: frames }, (_, index) => ({
    sequence: (sequence + index) & 0xffff,
    timestamp: (timestamp + index * SAMPLES) >>> 0,
    opus: speechPacket(first + index),
  }));
}

const SILENT = ['–', '–', '–', '–', '–'];

describe('a pause', () => {
  test('after frames of silence is silent at once, and nothing in it is lost', () => {
    const turns = new Turns();
    turns.settle();
    expect(turns.hear(...ending(250))).toEqual(['-1', '-1', '-1', '-1', '-1']);
    expect(turns.pull(5)).toEqual(SILENT);
    expect(turns.buffer.isSilent).toBe(true);
    expect(turns.buffer.counts.lost).toBe(0);
  });

  test.each([
    ['runs on', 100],
    ['stands still', 0],
    ['runs on by half of it', 50],
  ])('during which the RTP clock %s: speech begins with its first frame, without delay', (_, frames) => {
    const turns = new Turns();
    turns.settle();
    turns.hear(...ending(250));
    turns.pull(100);
    const said = turns.hear(...fresh(255, (255 + frames) * SAMPLES, 50, 300));
    expect(said).toEqual(count(300, 350));
    expect(turns.buffer.counts).toMatchObject({ lost: 0, late: 0, overflow: 0, held: 0 });
  });

  test('of an hour, in which the clocks part by more than a second, adds no delay', () => {
    const turns = new Turns();
    turns.settle();
    turns.hear(...ending(250));
    turns.dueMs += 3_600_000;
    for (const partedMs of [1200, -1200]) {
      turns.dueMs += 3_600_000;
      const timestamp = Math.round((turns.dueMs + partedMs) * 48);
      const { received } = turns.buffer.counts;
      expect(turns.hear(...fresh(received, timestamp, 5, 300), ...SILENT.map(() => undefined))).toEqual(
        expect.arrayContaining(count(300, 305)),
      );
    }
    expect(turns.buffer.counts).toMatchObject({ late: 0, overflow: 0 });
  });

  test('that is over before its frames of silence are played is kept by RTP time', () => {
    const turns = new Turns();
    turns.settle();
    const [next] = fresh(255, 258 * SAMPLES, 1, 300);
    expect(turns.hear(...ending(250).slice(0, 4), [], [], [], [], next).slice(-5)).toEqual([
      ...SILENT.slice(1),
      '300',
    ]);
    expect(turns.buffer.counts.lost).toBe(0);
  });
});

describe('what a pause does to the delay', () => {
  test.each([
    ['a short one with an RTP clock that stands still', 15, 0],
    ['one of 20 s, in which the clocks part by 30 ms', 1000, 20_000 - 30],
  ])('is nothing: %s', (_, pauseTurns, clockMs) => {
    const turns = new Turns();
    turns.settle();
    turns.hear(...ending(250));
    turns.pull(pauseTurns);
    expect(turns.hear(...fresh(255, 255 * SAMPLES + clockMs * 48, 60, 300)).slice(10)).toEqual(
      count(310, 360),
    );
    expect(turns.buffer.targetDelayMs).toBe(23);
  });
});

test('frames of silence that are lost are not concealed', () => {
  const turns = new Turns();
  const [first, second, , fourth, fifth] = ending(2);
  expect(
    turns.hear(0, 1, first, second, undefined, fourth, fifth, ...SILENT.map(() => undefined)),
  ).not.toContain('lost');
  expect(turns.buffer.counts).toMatchObject({ played: 6, lost: 0 });
});

describe('a client that began anew', () => {
  test.each([
    [40_000, 1_000_000_000, 3],
    [40_000, 245 * SAMPLES, 3],
    [240, 4_000_000_000, 3],
    [240, 400 * SAMPLES, 3],
    [250, 7, 3],
    [251, 240 * SAMPLES, 50],
    [220, 220 * SAMPLES, 50],
  ])('with sequence %i and timestamp %i is heard in %i turns', (sequence, timestamp, inTurns) => {
    for (const pauseTurns of [0, 100]) {
      const turns = new Turns();
      turns.settle();
      turns.pull(pauseTurns);
      const said = turns.hear(...fresh(sequence, timestamp, 100, 1000));
      expect(said.slice(inTurns)).toEqual(count(1000 + inTurns, 1100));
    }
  });
});

describe('a stall', () => {
  test('that brings 500 packets at once leaves the newest, counts the rest, and adds no delay', () => {
    const turns = new Turns();
    turns.settle();
    turns.pull(499);
    const said = turns.hear(count(250, 750).map(Number), ...count(750, 850).map(Number));
    expect(said).toEqual(count(749, 850));
    expect(turns.buffer.counts).toMatchObject({ received: 850, overflow: 499, lost: 5, merged: 2 });
  });

  test('that is over bit by bit, or in any order, adds no delay either', () => {
    const trickle = Array.from({ length: 10 }, (_, turn) =>
      count(250 + turn * 50, 300 + turn * 50).map(Number),
    );
    for (const burst of [trickle, [count(250, 750).map(Number).toReversed()]]) {
      const turns = new Turns();
      turns.settle();
      turns.pull(500 - burst.length);
      turns.hear(...burst);
      expect(turns.hear(...count(750, 850).map(Number)).slice(3)).toEqual(count(753, 850));
      expect(turns.buffer.targetDelayMs).toBe(23);
    }
  });

  test('shorter than what is concealed costs only the frames of its time', () => {
    const turns = new Turns();
    turns.settle();
    expect(turns.hear([], [], [], [250, 251, 252, 253], 254)).toEqual(['lost', 'lost', 'lost', '253', '254']);
    expect(turns.buffer.counts.late).toBe(3);
  });

  test('of the process, which then asks for several turns at once, is none of the network', () => {
    const turns = new Turns();
    turns.settle();
    for (const index of [250, 251, 252, 253, 254]) turns.buffer.push(frame(index), index * 20);
    expect(turns.pull(5)).toEqual(count(250, 255));
  });
});

test('what waits can be thrown away, and is not heard when more of it comes', () => {
  const turns = new Turns();
  turns.settle();
  turns.hear(250, undefined, undefined, [253, 254, 256]);
  turns.buffer.clear();
  expect(turns.buffer).toMatchObject({ depthFrames: 0, isSilent: true });
  expect(spoken(turns.hear(255, 256, 257, 258, 259))).toEqual(count(257, 260));
  expect(turns.buffer.counts).toMatchObject({ cleared: 2, late: 2 });
});

describe('packets that do not last 20 ms', () => {
  /** TOC bytes of one frame each (RFC 6716 §3.1). */
  const LASTING = { 10: 0xf0, 40: 0x10, 60: 0x18 } as const;

  function packet(index: number, ms: 10 | 40 | 60): BufferedFrame {
    const opus = speechPacket(index);
    opus[0] = LASTING[ms];
    return { sequence: index, timestamp: index * ms * 48, opus };
  }

  test('of 60 ms go on for two turns of hold, which are no growth', () => {
    const turns = new Turns();
    const arrivals = Array.from({ length: 120 }, (_, turn) =>
      turn % 3 === 0 ? packet(turn / 3, 60) : undefined,
    );
    const said = turns.hear(...arrivals).slice(-30);
    const speech = said.filter((turn) => turn !== 'hold');
    expect(speech).toEqual(count(Number(speech[0]), Number(speech[0]) + 10));
    expect(turns.buffer.counts).toMatchObject({ held: 0, lost: 0, late: 0 });
  });

  test('of 40 ms that are lost are concealed for as long as they would have lasted', () => {
    const turns = new Turns();
    const arrivals = Array.from({ length: 100 }, (_, turn) =>
      turn % 2 === 0 && turn !== 80 ? packet(turn / 2, 40) : undefined,
    );
    const said = turns.hear(...arrivals).join(' ');
    expect(said).toContain('39 hold lost lost<41 41 hold 42');
  });

  test('of 10 ms are played two in a turn', () => {
    const turns = new Turns();
    const said = turns.hear(
      ...Array.from({ length: 100 }, (_, turn) => [packet(turn * 2, 10), packet(turn * 2 + 1, 10)]),
    );
    expect(said.slice(-2).every((turn) => turn.includes('+'))).toBe(true);
    expect(turns.buffer.counts).toMatchObject({ lost: 0, late: 0, merged: 0 });
  });

  test('of no length that can be played are counted', () => {
    const turns = new Turns();
    const odd = [[], [0xe0], [0xfb, 0], [0xfb, 63], [0xfb, 7]].map((bytes, at) =>
      frame(at, Uint8Array.from(bytes)),
    );
    turns.hear(...odd);
    expect(turns.buffer.counts).toMatchObject({ received: 5, malformed: 5 });
    expect(turns.buffer.isSilent).toBe(true);
  });
});

test('whatever comes, nothing is thrown, little is kept, each packet is counted once, and speech is heard after it', () => {
  const opus = fc.oneof(
    fc.constantFrom(
      SILENCE,
      speechPacket(0),
      Uint8Array.of(0x18),
      Uint8Array.of(0xf0),
      Uint8Array.of(0xf9, 1),
    ),
    fc.uint8Array({ maxLength: 5 }),
  );
  // Near the stream that follows, and anywhere.
  const near = fc.integer({ min: -300, max: 300 });
  const garbage = fc.record({
    frame: fc.oneof(
      fc.record({
        sequence: fc.integer({ min: 0, max: 0xffff }),
        timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
        opus,
      }),
      fc.record({ sequence: near, timestamp: near, opus }).map((f) => ({
        sequence: (2000 + f.sequence) & 0xffff,
        timestamp: ((2000 + f.timestamp) * SAMPLES) >>> 0,
        opus: f.opus,
      })),
    ),
    turns: fc.integer({ min: 0, max: 8 }),
  });
  fc.assert(
    fc.property(fc.array(garbage, { maxLength: 150 }), (arrivals) => {
      const turns = new Turns();
      for (const { frame: one, turns: passing } of arrivals) {
        turns.buffer.push(one, turns.dueMs - 10);
        turns.pull(passing);
        expect(turns.buffer.depthFrames).toBeLessThanOrEqual(64);
      }
      const said = turns.hear(...fresh(2000, 2000 * SAMPLES, 100, 1000));
      const waiting = turns.buffer.depthFrames;
      expect(waiting).toBeLessThanOrEqual(11);
      const played = said
        .slice(50)
        .flatMap((turn) => turn.split('+'))
        .filter((turn) => turn !== 'hold');
      expect(played).toEqual(count(1100 - waiting - played.length, 1100 - waiting));
      expect(played.length).toBeGreaterThan(45);
      const { received, played: all, malformed, duplicate, late, overflow } = turns.buffer.counts;
      expect(received).toBe(all + malformed + duplicate + late + overflow + waiting);
    }),
    { numRuns: 300, seed: 1 },
  );
});
