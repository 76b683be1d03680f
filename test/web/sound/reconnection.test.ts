import { expect, test } from 'vitest';
import { CLOSE } from '../../../src/protocol/close-codes.ts';
import { reconnectionAfter } from '../../../web/sound/reconnection.ts';

test.each([
  ['ended', [CLOSE.senderDisconnected, CLOSE.senderTimeout, CLOSE.unknownPodcast]],
  ['refused', [CLOSE.missingAuth, CLOSE.invalidAuth, CLOSE.invalidPayload]],
] as const)('a podcast that is %s is not asked for again', (state, closes) => {
  for (const { code } of closes) expect(reconnectionAfter(code, 0, 0.5)).toEqual({ is: 'never', state });
});

test('a relay that goes away is asked at once, and then with a pause', () => {
  expect(reconnectionAfter(CLOSE.goingAway.code, 0, 0.5)).toEqual({ is: 'after', ms: 0 });
  expect(reconnectionAfter(CLOSE.goingAway.code, 1, 0)).toEqual({ is: 'after', ms: 250 });
});

test('a connection that broke is sought with pauses that grow to 5 s, spread over their upper half', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 1000].map((attempt) => reconnectionAfter(1006, attempt, 1));
  expect(pauses.map((pause) => pause.is === 'after' && pause.ms)).toEqual([
    250, 500, 1000, 2000, 4000, 5000, 5000,
  ]);
  expect(reconnectionAfter(1006, 0, 0)).toEqual({ is: 'after', ms: 125 });
});

test('a relay that is full is asked later', () => {
  expect(reconnectionAfter(CLOSE.capacity.code, 0, 0)).toEqual({ is: 'after', ms: 7500 });
});
