import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DestinationList, type PlacedDestination } from '../../../src/relay/udp/destination-list.ts';

type Step = { readonly do: 'add' | 'send' | 'begin' } | { readonly do: 'remove'; readonly pick: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom('add' as const, 'send' as const, 'begin' as const) }),
    fc.record({ do: fc.constant('remove' as const), pick: fc.nat() }),
  ),
  { minLength: 20, maxLength: 200 },
);

/** The list, and beside it who is owed the message under way. */
class Model {
  readonly list = new DestinationList();
  /** What is kept beside each slot: the port of who is there. */
  readonly kept: number[] = [];
  readonly owed = new Set<PlacedDestination>();
  readonly members: PlacedDestination[] = [];
  #nextPort = 1;

  step(step: Step): void {
    if (step.do === 'add') {
      const added = this.list.add('127.0.0.1', this.#nextPort++);
      this.kept[added.slot] = added.port;
      this.members.push(added);
    } else if (step.do === 'remove') {
      const [gone] = this.members.splice(step.pick % Math.max(1, this.members.length), 1);
      if (!gone) return;
      this.owed.delete(gone);
      this.list.remove(gone, (from, to) => (this.kept[to] = this.kept[from] ?? 0));
    } else if (step.do === 'send') {
      this.#send();
    } else {
      while (this.owed.size > 0) this.#send();
      this.list.begin();
      for (const member of this.members) this.owed.add(member);
    }
  }

  #send(): void {
    if (this.list.left === 0) return;
    const port = this.kept[this.list.cursor];
    const [sentTo] = [...this.owed].filter((owed) => owed.port === port);
    if (!sentTo) throw new Error(`The message went to ${port}, which is not owed it.`);
    this.owed.delete(sentTo);
    this.list.advance(1);
  }
}

test('whoever is there when a message begins gets it once, whatever comes and goes meanwhile', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const model = new Model();
      for (const step of all) {
        model.step(step);
        expect(model.list.left).toBe(model.owed.size);
        expect(model.list.length).toBe(model.members.length);
        for (const member of model.members) expect(model.kept[member.slot]).toBe(member.port);
      }
    }),
  );
});

test('knows its own destinations, and forgets who is out', () => {
  const [list, other] = [new DestinationList(), new DestinationList()];
  const own = list.add('127.0.0.1', 1);
  const foreign = other.add('127.0.0.1', 1);
  expect([list.has(own), list.has(foreign)]).toEqual([true, false]);
  list.remove(own, () => undefined);
  expect(list.has(own)).toBe(false);
  const back = list.add('127.0.0.1', 2);
  list.clear();
  expect([list.has(back), list.length, back.slot]).toEqual([false, 0, -1]);
});
