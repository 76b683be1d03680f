import { describe, expect, test } from 'vitest';
import { type BufferedFrame, JitterBuffer } from '../../src/audio/jitter-buffer.ts';
import { count, frame, SAMPLES, spoken, Turns } from '../support/turns.ts';
import { speechPacket } from '../support/speech-network.ts';

describe('order', () => {
  test('packets that overtook each other are played in order, and each once', () => {
    const turns = new Turns();
    const said = turns.hear([1, 0], 3, [2, 2, 1], 5, 4, 6, ...count(7, 12).map(Number));
    expect(spoken([...said, ...turns.pull(2)])).toEqual(count(0, 12));
    expect(turns.buffer.counts).toMatchObject({ received: 14, played: 12, duplicate: 2, late: 0 });
  });

  test('sequence and timestamp may wrap, also out of order', () => {
    const turns = new Turns();
    const first = 65_533;
    const wrapped = (index: number): BufferedFrame => ({
      sequence: (first + index) & 0xffff,
      timestamp: (2 ** 32 - 2 * SAMPLES + 7 + index * SAMPLES) % 2 ** 32,
      opus: speechPacket(index),
    });
    const said = [0, 2, 1, 4, 3, 5, 6, 7, 8, 9].flatMap((index) => turns.hear(wrapped(index)));
    expect(spoken([...said, ...turns.pull(1)])).toEqual(count(0, 10));
  });

  test('a packet that comes after its turn is dropped and counted, a copy of one that was played is a duplicate', () => {
    const turns = new Turns();
    turns.settle();
    expect(turns.hear(250, undefined, [251, 252], 249)).toEqual(['250', 'lost', '252', 'lost']);
    expect(turns.buffer.counts).toMatchObject({ late: 1, duplicate: 1 });
  });
});

describe('depth', () => {
  test('on a perfect network each frame is played in the first turn after it came', () => {
    const turns = new Turns();
    turns.settle();
    expect(turns.hear(250, 251, 252)).toEqual(['250', '251', '252']);
    expect(turns.buffer.targetDelayMs).toBe(23);
  });

  test('a new speaker begins with two frames in hand, so that the first words are whole', () => {
    const turns = new Turns();
    expect(turns.hear(0, 1, 2, 3)).toEqual(['–', '–', '0', '1']);
    expect(turns.hear([], [4, 5], 6)).toEqual(['2', '3', '4']);
  });

  test('grows where frames are missed anyway, and shrinks again one frame a second when the network is good', () => {
    const turns = new Turns();
    turns.settle();
    // Every fifth packet is 60 ms late from now on.
    const arrivals = Array.from({ length: 200 }, (_, at) =>
      [at, at - 3].filter((n) => n >= 0 && (n === at) === n % 5 > 0),
    );
    const grown = turns.hear(...arrivals.map((indices) => indices.map((index) => 250 + index)));
    expect(grown.slice(0, 100).filter((turn) => turn === 'hold')).toHaveLength(3);
    expect(turns.buffer.counts.held).toBe(3);
    expect(turns.buffer.targetDelayMs).toBe(81);
    const { late } = turns.buffer.counts;
    const said = turns.hear(448, ...Array.from({ length: 999 }, (_, ahead) => 450 + ahead));
    expect(turns.buffer.counts.late - late).toBeLessThanOrEqual(1);
    const merges = said.flatMap((turn, at) => (turn.includes('+') ? [at] : []));
    expect(merges).toHaveLength(3);
    for (const [at, merge] of merges.entries())
      expect(merge - (merges[at - 1] ?? -Infinity)).toBeGreaterThanOrEqual(50);
    expect(turns.buffer.targetDelayMs).toBe(23);
  });

  test('never asks for more than 200 ms', () => {
    const buffer = new JitterBuffer();
    for (let index = 0; index < 600; index += 1) buffer.push(frame(index), index * 20 + (index % 3) * 400);
    expect(buffer.targetDelayMs).toBe(200);
  });
});

describe('loss', () => {
  test('a packet that is missing within speech is lost, with the next one if that is there', () => {
    const turns = new Turns();
    expect(spoken(turns.hear(0, 1, 2, [], 4, 5, 6, 7))).toEqual(['0', '1', '2', 'lost<4', '4', '5']);
    turns.settle(8);
    expect(turns.hear(undefined, 259, undefined, undefined, 262)).toEqual([
      'lost',
      '259',
      'lost',
      'lost',
      '262',
    ]);
  });

  test('when packets just stop, 100 ms are concealed, then the speaker is silent', () => {
    const turns = new Turns();
    turns.settle();
    expect(turns.pull(7)).toEqual(['lost', 'lost', 'lost', 'lost', 'lost', '–', '–']);
    expect(turns.buffer.isSilent).toBe(true);
  });

  test('no more is concealed in a long gap either, and speech goes on in its time', () => {
    const turns = new Turns();
    turns.settle();
    const said = turns.hear(...Array.from({ length: 12 }, () => undefined), 262, 263);
    expect(said.slice(-4)).toEqual(['–', '–', '262', '263']);
    expect(turns.buffer.counts.lost).toBe(5);
  });

  test('numbers without time, as packets of padding have, are no loss', () => {
    const turns = new Turns();
    turns.settle();
    const [first, second] = [250, 251].map((index) => ({ ...frame(index), sequence: index + 40 }));
    expect(turns.hear(first, second)).toEqual(['250', '251']);
    expect(turns.buffer.counts.lost).toBe(0);
  });
});
