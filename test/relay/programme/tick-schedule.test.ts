import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TickSchedule } from '../../../src/relay/programme/tick-schedule.ts';

function ticksOf<Item>(schedule: TickSchedule<Item>, nowMs: number) {
  const ticks: { item: Item; dueMs: number; skipped: number }[] = [];
  const waitMs = schedule.run(nowMs, (item, dueMs, skipped) => void ticks.push({ item, dueMs, skipped }));
  return { ticks, waitMs };
}

describe('a schedule', () => {
  test('ticks each programme every 20 ms from its own start', () => {
    const schedule = new TickSchedule<string>();
    schedule.add('one', 1000);
    schedule.add('two', 1007);
    expect(ticksOf(schedule, 1007)).toEqual({ ticks: [], waitMs: 13 });
    expect(ticksOf(schedule, 1020)).toEqual({ ticks: [{ item: 'one', dueMs: 1020, skipped: 0 }], waitMs: 7 });
    expect(ticksOf(schedule, 1027)).toEqual({
      ticks: [{ item: 'two', dueMs: 1027, skipped: 0 }],
      waitMs: 13,
    });
  });

  test('has nothing to wait for without a programme', () => {
    const schedule = new TickSchedule<string>();
    schedule.add('one', 0);
    schedule.remove('one');
    expect(ticksOf(schedule, 100)).toEqual({ ticks: [], waitMs: undefined });
    expect(schedule.size).toBe(0);
  });

  test('never drifts, however late it is called', () => {
    const late = fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(late, (lates) => {
        const schedule = new TickSchedule<string>();
        schedule.add('one', 0);
        const dues: number[] = [];
        let nowMs = 0;
        for (const lateMs of lates) {
          const { ticks, waitMs = 0 } = ticksOf(schedule, nowMs);
          dues.push(...ticks.map(({ dueMs }) => dueMs));
          nowMs += waitMs + (waitMs === 0 ? 0 : lateMs);
        }
        expect(dues).toEqual(dues.map((_, index) => 20 * (index + 1)));
        expect(nowMs - (dues.at(-1) ?? 0)).toBeLessThan(60);
      }),
    );
  });

  test('catches up one frame a round after a short stall, so that packets are read between them', () => {
    const schedule = new TickSchedule<string>();
    schedule.add('one', 0);
    const rounds = [
      ticksOf(schedule, 65),
      ticksOf(schedule, 65),
      ticksOf(schedule, 65),
      ticksOf(schedule, 65),
    ];
    expect(rounds.map(({ ticks }) => ticks.map(({ dueMs }) => dueMs))).toEqual([[20], [40], [60], []]);
    expect(rounds.map(({ waitMs }) => waitMs)).toEqual([0, 0, 15, 15]);
  });

  test('skips what a long stall has made worthless, counts it, and is on its old clock again', () => {
    const schedule = new TickSchedule<string>();
    schedule.add('one', 0);
    expect(ticksOf(schedule, 1005)).toEqual({
      ticks: [{ item: 'one', dueMs: 1000, skipped: 49 }],
      waitMs: 15,
    });
    expect(ticksOf(schedule, 1020).ticks).toEqual([{ item: 'one', dueMs: 1020, skipped: 0 }]);
  });

  test('goes on in the next round where it had to stop, and everyone gets their turn', () => {
    const schedule = new TickSchedule<string>();
    for (const item of ['one', 'two', 'three']) schedule.add(item, 0);
    const items: string[] = [];
    const waits = [1, 2, 3, 4, 5, 6, 7].map(() =>
      schedule.run(
        40,
        (item) => void items.push(item),
        () => false,
      ),
    );
    expect(items).toEqual(['one', 'two', 'three', 'one', 'two', 'three']);
    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 20]);
  });

  test('a stall of exactly what is allowed skips nothing', () => {
    const schedule = new TickSchedule<string>();
    schedule.add('one', 0);
    expect(ticksOf(schedule, 220).ticks).toEqual([{ item: 'one', dueMs: 20, skipped: 0 }]);
    expect(ticksOf(schedule, 241).ticks).toEqual([{ item: 'one', dueMs: 240, skipped: 10 }]);
  });
});
