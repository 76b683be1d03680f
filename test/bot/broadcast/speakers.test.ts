import { expect, test } from 'vitest';
import { Speakers } from '../../../src/bot/broadcast/speakers.ts';

const SPEECH = new Uint8Array(40).fill(7);

function frame(userId: string, ssrc: number): Parameters<Speakers['heard']>[0] {
  return { userId, ssrc, sequence: 1, timestamp: 960, opus: SPEECH };
}

test('the SSRCs of a person are the last four that were heard, and are taken once', () => {
  const speakers = new Speakers(0);
  for (const ssrc of [1, 2, 2, 3, 4, 5, 3, 3]) speakers.heard(frame('ann', ssrc), 0);
  speakers.heard(frame('ben', 9), 0);
  expect(speakers.takeOff((userId) => userId === 'ann')).toEqual([2, 4, 5, 3]);
  expect(speakers.takeOff((userId) => userId === 'ann')).toEqual([]);
  expect(speakers.takeOff(() => true)).toEqual([9]);
});

test('who left speaks no more, and can be called back still', () => {
  const speakers = new Speakers(0);
  speakers.heard(frame('ann', 1), 100);
  speakers.heard(frame('ben', 2), 100);
  expect(speakers.speaking(349)).toEqual(['ann', 'ben']);
  speakers.left('ann');
  expect(speakers.speaking(349)).toEqual(['ben']);
  expect(speakers.speaking(350)).toEqual([]);
  expect(speakers.takeOff((userId) => userId === 'ann')).toEqual([1]);
});
