import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EditSchedule } from '../../../src/bot/panel/edit-schedule.ts';

describe('the schedule of a message', () => {
  test('posts at once, and edits when something new is to be said, five seconds apart', () => {
    const schedule = new EditSchedule();
    expect(schedule.next('a', 0)).toBe('post');
    schedule.shown(100);
    expect(schedule.next('b', 4999)).toBeUndefined();
    expect(schedule.next('a', 5000)).toBeUndefined();
    expect(schedule.next('b', 5001)).toBe('edit');
    schedule.shown(5100);
    expect(schedule.next('c', 10_000)).toBeUndefined();
    expect(schedule.next('c', 10_001)).toBe('edit');
  });

  test('edits at once what changes after a long silence', () => {
    const schedule = new EditSchedule();
    schedule.next('a', 0);
    schedule.shown(10);
    expect(schedule.next('b', 3_600_000)).toBe('edit');
  });

  test('says nothing while Discord has not answered, and then waits the longer the slower it was', () => {
    const schedule = new EditSchedule(true);
    expect(schedule.next('a', 0)).toBe('edit');
    expect(schedule.next('b', 20_000)).toBeUndefined();
    schedule.shown(20_000);
    expect(schedule.next('b', 44_999)).toBeUndefined();
    expect(schedule.next('b', 45_000)).toBe('edit');
    schedule.shown(500_000);
    expect(schedule.next('c', 559_999)).toBeUndefined();
    expect(schedule.next('c', 560_000)).toBe('edit');
  });

  test('tries again what failed, later and later, but never later than a minute', () => {
    const schedule = new EditSchedule(true);
    const tries: number[] = [];
    for (let nowMs = 0; nowMs <= 200_000; nowMs += 1000) {
      if (schedule.next('a', nowMs) === undefined) continue;
      tries.push(nowMs / 1000);
      schedule.failed(nowMs);
    }
    expect(tries).toEqual([0, 5, 15, 35, 75, 135, 195]);
  });

  test('posts again what was deleted, half a minute later', () => {
    const schedule = new EditSchedule(true);
    schedule.next('a', 0);
    schedule.isGone(50);
    expect(schedule.next('a', 30_049)).toBeUndefined();
    expect(schedule.next('a', 30_050)).toBe('post');
  });

  test('of whatever comes of each request, never has two, nor more than one in five seconds', () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 12_000 }),
      tookMs: fc.integer({ min: 0, max: 9000 }),
      outcome: fc.constantFrom('shown', 'isGone', 'failed'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, stands) => {
        const schedule = new EditSchedule(stands);
        let nowMs = 0;
        let lastMs = -Infinity;
        for (const [index, { waitMs, tookMs, outcome }] of steps.entries()) {
          nowMs += waitMs;
          if (schedule.next(String(index), nowMs) === undefined) continue;
          expect(nowMs - lastMs).toBeGreaterThanOrEqual(5000);
          lastMs = nowMs;
          nowMs += tookMs;
          expect(schedule.next('another', nowMs)).toBeUndefined();
          schedule[outcome as 'shown'](nowMs);
        }
      }),
    );
  });
});
