import { describe, expect, test } from 'vitest';
import { SoundMeter } from '../../../src/bot/panel/sound-meter.ts';

/** @param skip of every so many frames one does not come */
function speak(meter: SoundMeter, userId: string, from: number, frames: number, skip = Infinity): void {
  for (let frame = 1; frame <= frames; frame += 1) {
    if (frame % skip !== 0) meter.heard(userId, 7, (from + frame) & 0xffff);
  }
}

describe('the sound of a channel', () => {
  test('is clear while nobody speaks, and while everything comes', () => {
    const meter = new SoundMeter(0);
    expect(meter.sound(0)).toEqual({ is: 'clear' });
    speak(meter, 'ann', 65_500, 100);
    expect(meter.sound(1000)).toEqual({ is: 'clear' });
  });

  test('is lossy by the share of packets that did not come, and clear again half a minute later', () => {
    const meter = new SoundMeter(0);
    speak(meter, 'ann', 0, 999, 20);
    expect(meter.sound(1000)).toEqual({ is: 'lossy', percent: 5 });
    expect(meter.sound(15_000)).toEqual({ is: 'lossy', percent: 5 });
    speak(meter, 'ann', 1000, 100);
    expect(meter.sound(30_000)).toEqual({ is: 'clear' });
  });

  test('says how many people cannot be decrypted, before anything else', () => {
    const meter = new SoundMeter(0);
    speak(meter, 'cleo', 0, 999, 3);
    for (let packet = 0; packet < 25; packet += 1) {
      meter.failed('ann');
      meter.failed('ben');
    }
    expect(meter.sound(1000)).toEqual({ is: 'undecryptable', people: 2 });
  });

  test('takes a change of keys, which costs a few packets, for nothing', () => {
    const meter = new SoundMeter(0);
    for (let packet = 0; packet < 24; packet += 1) meter.failed('ann');
    for (let packet = 0; packet < 200; packet += 1) meter.failed('ben');
    speak(meter, 'ben', 0, 200);
    expect(meter.sound(1000)).toEqual({ is: 'clear' });
  });

  test('does not take for lost what somebody said off air', () => {
    const meter = new SoundMeter(0);
    speak(meter, 'ann', 0, 100);
    meter.forget('ann', [7]);
    speak(meter, 'ann', 600, 100);
    expect(meter.sound(1000)).toEqual({ is: 'clear' });
  });
});
