import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DaveNetwork } from '../support/sim-dave-network.ts';

test('two people get a group, in which each hears the other', () => {
  const network = new DaveNetwork(1);
  network.join('1');
  expect(network.service.settled).toBe(true);
  network.join('2');
  expect(network.service.settled).toBe(false);
  network.run();
  expect(network.service.settled).toBe(true);
  expect(network.service.epoch).toBe(1n);
  expect(network.deaf()).toEqual([]);
});

test('only one of the commits for an epoch wins, and the late ones are refused', () => {
  const network = new DaveNetwork(2);
  for (const userId of ['1', '2', '3']) network.join(userId);
  network.run();
  network.join('4');
  network.run();
  expect(network.service.epoch).toBe(2n);
  expect(network.service.refused).toBeGreaterThan(0);
  expect(network.deaf()).toEqual([]);
});

test('who is left alone forgets the group, and founds another with whoever comes next', () => {
  const network = new DaveNetwork(3);
  network.join('1');
  network.join('2');
  network.run();
  network.leave('1');
  network.run();
  expect(network.service.epoch).toBe(0n);
  network.join('3');
  network.run();
  expect(network.service.epoch).toBe(1n);
  expect(network.deaf()).toEqual([]);
});

test('who cannot follow a commit is removed and added again', () => {
  const network = new DaveNetwork(4);
  for (const userId of ['1', '2', '3']) network.join(userId);
  network.run();
  network.confuse('2');
  network.run();
  expect(network.service.settled).toBe(true);
  expect(network.deaf()).toEqual([]);
});

test('whoever comes, goes and gets lost in whatever order, those who stay hear each other', () => {
  const userIds = fc.constantFrom('1', '2', '3', '4', '5');
  const events = fc.array(fc.record({ userId: userIds, isLost: fc.boolean(), stepsBefore: fc.nat(12) }), {
    minLength: 5,
    maxLength: 25,
  });
  fc.assert(
    fc.property(fc.nat(), events, (seed, happenings) => {
      const network = new DaveNetwork(seed);
      for (const { userId, isLost, stepsBefore } of happenings) {
        for (let step = 0; step < stepsBefore; step += 1) network.step();
        if (!network.members.has(userId)) network.join(userId);
        else if (isLost) network.confuse(userId);
        else network.leave(userId);
      }
      network.run();
      expect(network.service.settled).toBe(true);
      expect(network.deaf()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
