import { expect, test } from 'vitest';
import { KeptPages } from '../../../src/relay/page/kept-pages.ts';
import { ManualClock } from '../../support/manual-clock.ts';

test('no more than a hundred pages are kept, whatever addresses they are asked for at', () => {
  const pages = new KeptPages(new ManualClock());
  const written: number[] = [];
  const ask = (kind: number): unknown =>
    pages.of(String(kind), () => {
      written.push(kind);
      return 'a page';
    });
  for (let kind = 0; kind < 100; kind += 1) ask(kind);
  ask(0);
  expect(written).toHaveLength(100);
  ask(100);
  ask(0);
  expect(written.slice(100)).toEqual([100, 0]);
});
