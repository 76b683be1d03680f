import { describe, expect, test } from 'vitest';
import { Watchdog } from '../../../src/bot/voice/watchdog.ts';

describe('the watchdog', () => {
  test('names whoever speaks and is not heard, once patience is over', () => {
    const dog = new Watchdog(8000);
    dog.due('ann', 1000);
    dog.failed('bob', 2000);
    expect(dog.check(8999)).toEqual([]);
    expect(dog.check(9000)).toEqual(['ann']);
  });

  test('counts from the first sign, however many follow', () => {
    const dog = new Watchdog(8000);
    for (let nowMs = 0; nowMs < 8000; nowMs += 20) dog.failed('ann', nowMs);
    expect(dog.check(8000)).toEqual(['ann']);
  });

  test('rests when the person is heard', () => {
    const dog = new Watchdog(8000);
    dog.failed('ann', 0);
    dog.heard('ann');
    expect(dog.check(60_000)).toEqual([]);
  });

  test('takes silence for an end of speech, but not after packets that could not be decrypted', () => {
    const dog = new Watchdog(8000);
    dog.due('ann', 0);
    dog.silent('ann');
    dog.failed('bob', 0);
    dog.silent('bob');
    expect(dog.check(8000)).toEqual(['bob']);
  });

  test('forgets who left', () => {
    const dog = new Watchdog(8000);
    dog.failed('ann', 0);
    dog.forget('ann');
    expect(dog.check(8000)).toEqual([]);
  });

  test('waits twice as long after an alarm that did not help, and raises no third one', () => {
    const dog = new Watchdog(8000);
    dog.failed('ann', 0);
    expect(dog.check(8000)).toEqual(['ann']);
    dog.failed('ann', 8000);
    expect(dog.check(16_000)).toEqual([]);
    expect(dog.check(24_000)).toEqual(['ann']);
    dog.failed('ann', 24_000);
    expect(dog.check(3_600_000)).toEqual([]);
  });

  test('begins anew with whoever is heard again, and with nobody else', () => {
    const dog = new Watchdog(8000);
    for (let alarm = 0; alarm < 2; alarm++) {
      dog.failed('ann', alarm * 100_000);
      dog.failed('bob', alarm * 100_000);
      expect(dog.check(alarm * 100_000 + 50_000)).toEqual(['ann', 'bob']);
    }
    dog.heard('ann');
    dog.failed('ann', 200_000);
    dog.failed('bob', 200_000);
    expect(dog.check(208_000)).toEqual(['ann']);
  });
});
