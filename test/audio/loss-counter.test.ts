import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LossCounter } from '../../src/audio/loss-counter.ts';

test('a stream without gaps has lost nothing, across the wrap of its sequence numbers', () => {
  const loss = new LossCounter();
  for (let packet = 0; packet < 200_000; packet++) loss.receive((65_000 + packet) & 0xffff);
  expect(loss).toMatchObject({ received: 200_000, lost: 0 });
});

test('what is withheld is what is lost, in whatever order the rest comes', () => {
  const stream = fc.record({
    first: fc.nat(65_535),
    kept: fc.array(fc.boolean(), { minLength: 2, maxLength: 300 }),
  });
  fc.assert(
    fc.property(stream, ({ first, kept }) => {
      const loss = new LossCounter();
      // The first and the last arrive: nobody can miss what stands outside of them.
      const sent = [true, ...kept, true].flatMap((isKept, index) => (isKept ? [index] : []));
      // Neighbours change places, as a network does it.
      for (let pair = 1; pair + 2 < sent.length; pair += 2) {
        [sent[pair], sent[pair + 1]] = [sent[pair + 1]!, sent[pair]!];
      }
      for (const index of sent) loss.receive((first + index) & 0xffff);
      expect(loss.lost).toBe(kept.filter((isKept) => !isKept).length);
    }),
  );
});
