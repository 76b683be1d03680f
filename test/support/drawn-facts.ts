/** Facts of podcasts as fast-check draws them, with names that go through unchanged. */
import fc from 'fast-check';
import { plainName } from '../../src/protocol/podcast-facts.ts';
import { LISTENER_KINDS, type ListenerKind } from '../../src/protocol/rest.ts';

const NAME = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map(plainName)
  .filter((name) => name !== '' && name.length <= 100);
export const SPEAKERS = fc.uniqueArray(
  fc.record({ ssrc: fc.integer({ min: 0, max: 0xffffffff }), name: NAME }),
  { maxLength: 64, selector: ({ ssrc }) => ssrc },
);
const COUNTS = fc.record(
  Object.fromEntries(LISTENER_KINDS.map((kind) => [kind, fc.nat()])) as Record<
    ListenerKind,
    fc.Arbitrary<number>
  >,
);
export const FACTS = fc.record({
  state: fc.constantFrom('created' as const, 'live' as const, 'interrupted' as const),
  title: fc.string(),
  guild: fc.string(),
  activeSinceMs: fc.option(fc.nat()),
  listeners: fc.nat(),
  listenersBy: COUNTS,
  speakers: SPEAKERS,
});
