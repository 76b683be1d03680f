import { expect, test } from 'vitest';
import { ClientIds } from '../../src/relay/client-ids.ts';

test('ids of connections fit a signed 32-bit reader', () => {
  const ids = new ClientIds();
  for (let i = 0; i < 10_000; i += 1) {
    const id = ids.take();
    expect(id >= 1 && id <= 2 ** 31 - 1).toBe(true);
  }
});

test('an id comes again only after its connection is gone', () => {
  const draws = [7, 7, 8, 7, 8, 9, 7];
  const ids = new ClientIds(() => draws.shift() ?? 0);
  expect([ids.take(), ids.take(), ids.take()]).toEqual([7, 8, 9]);
  ids.release(7);
  expect(ids.take()).toBe(7);
});
