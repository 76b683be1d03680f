import { beforeEach, describe, expect, test } from 'vitest';
import { Roster } from '../../../src/podcast/roster.ts';
import { DEFAULT_LIMITS } from '../../../src/protocol/limits.ts';
import { Channel } from '../../../src/relay/channel.ts';
import { FactsBoard } from '../../../src/relay/events/facts-board.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const ABOUT = { title: 'T', description: '', guild: 'G', visibility: 'public' } as const;

interface Told {
  readonly listeners: number;
  readonly speakers: readonly { readonly name: string }[];
}

let clock: ManualClock;
let channel: Channel;
let board: FactsBoard;

beforeEach(() => {
  clock = new ManualClock();
  channel = new Channel(new Roster(DEFAULT_LIMITS, 60).add('1', ABOUT, clock.nowMs()));
  board = new FactsBoard(channel, clock);
});

/** One who is told; each entry says how long after the start, and what of it this test is about. */
function reader(): { readonly told: string[]; readonly leave: () => void } {
  const told: string[] = [];
  const startMs = clock.nowMs();
  const leave = board.add({
    tell(event) {
      const { listeners, speakers } = (JSON.parse(event.toString()) as { data: Told }).data;
      told.push(`${clock.nowMs() - startMs}: ${listeners} ${speakers.map(({ name }) => name).join()}`);
    },
  });
  return { told, leave };
}

function speak(...names: string[]): void {
  channel.nameSpeakers(names.map((text, ssrc) => ({ ssrc, name: text })));
}

describe('who listens is told of a podcast', () => {
  test('at once, and when somebody speaks: again after a second, with the last word of it', () => {
    const { told } = reader();
    speak('Ann');
    clock.advance(0);
    speak('Ben');
    clock.advance(500);
    speak('Cat');
    clock.advance(499);
    expect(told).toEqual(['0: 0 ', '0: 0 Ann']);
    clock.advance(1);
    expect(told).toEqual(['0: 0 ', '0: 0 Ann', '1000: 0 Cat']);
  });

  test('at once when the name of somebody is taken back with their voice', () => {
    const { told } = reader();
    speak('Ann', 'Ben');
    clock.advance(0);
    channel.withdrawSpeaker(0);
    clock.advance(0);
    channel.withdrawSpeaker(0);
    clock.advance(5000);
    expect(told).toEqual(['0: 0 ', '0: 0 Ann,Ben', '0: 0 Ben']);
  });

  test('of how many listen once in five seconds, but sooner with what cannot wait', () => {
    const { told } = reader();
    channel.count('page', 1);
    clock.advance(0);
    channel.count('page', 1);
    clock.advance(4999);
    expect(told).toEqual(['0: 0 ', '0: 1 ']);
    clock.advance(1);
    channel.count('hls', 1);
    clock.advance(2000);
    speak('Ann');
    clock.advance(10_000);
    expect(told).toEqual(['0: 0 ', '0: 1 ', '5000: 2 ', '7000: 3 Ann']);
  });

  test('of nothing that is as it was before', () => {
    const { told } = reader();
    channel.count('page', 1);
    channel.count('page', -1);
    speak();
    clock.advance(10_000);
    expect(told).toEqual(['0: 0 ']);
    channel.count('page', 1);
    const later = reader();
    clock.advance(0);
    expect(told).toEqual(['0: 0 ', '10000: 1 ']);
    expect(later.told).toEqual(['0: 1 ']);
  });

  test('again every half a minute, so that they know that the connection is alive', () => {
    const { told, leave } = reader();
    clock.advance(65_000);
    expect(told).toEqual(['0: 0 ', '30000: 0 ', '60000: 0 ']);
    speak('Ann');
    clock.advance(25_000);
    expect(told.slice(3)).toEqual(['65000: 0 Ann', '90000: 0 Ann']);
    leave();
    expect(clock.timers).toBe(0);
  });

  test('as long as they listen, and no task waits while nobody does', () => {
    speak('Ann');
    expect(clock.timers).toBe(0);
    const { told, leave } = reader();
    leave();
    speak('Ben');
    expect(clock.timers).toBe(0);
    clock.advance(10_000);
    expect(told).toEqual(['0: 0 Ann']);
  });

  test('however many they are, a part of them at a time; who leaves meanwhile is told nothing more', () => {
    const counts: number[] = [];
    let isFirst = false;
    board.add({
      tell() {
        // Runs before the second part does.
        if (isFirst) clock.after(0, () => counts.push(count()));
        if (isFirst) readers.at(-1)?.leave();
        isFirst = true;
      },
    });
    const readers = Array.from({ length: 600 }, reader);
    const count = (): number => readers.filter(({ told }) => told.length === 2).length;
    speak('Ann');
    clock.advance(0);
    expect([...counts, count()]).toEqual([99, 599]);
  });

  test('once, though it changes while they are being told', () => {
    const readers = Array.from({ length: 600 }, reader);
    let isNew = true;
    board.add({
      tell() {
        if (isNew) speak('Ben');
        isNew = false;
      },
    });
    clock.advance(0);
    clock.advance(10_000);
    for (const { told } of readers) expect(told).toEqual(['0: 0 ', '0: 0 Ben']);
  });

  test('in the same bytes for everyone, which are encoded once', () => {
    const told: unknown[] = [];
    for (let listener = 0; listener < 3; listener += 1) board.add({ tell: (event) => told.push(event) });
    speak('Ann');
    clock.advance(0);
    expect(told).toHaveLength(6);
    expect(told[0]).toBeInstanceOf(Buffer);
    expect(new Set(told).size).toBe(2);
  });

  test('of nothing any more once it is over', () => {
    const { told } = reader();
    speak('Ann');
    channel.podcast.state = { name: 'ended', close: { code: 4003, name: '', reconnect: 'no', sentence: '' } };
    clock.advance(60_000);
    expect(told).toEqual(['0: 0 ']);
  });
});
