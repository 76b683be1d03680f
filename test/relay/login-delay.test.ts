import { expect, test } from 'vitest';
import { LoginDelay } from '../../src/relay/login-delay.ts';
import { ManualClock } from '../support/manual-clock.ts';

/** How long the answer to one more wrong secret takes, by a clock turned by hand; undefined beyond a minute. */
async function delayOf(
  delay: LoginDelay,
  clock: ManualClock,
  address = '203.0.113.7',
): Promise<number | undefined> {
  let isAnswered = false;
  void delay.afterFailure(address).then(() => (isAnswered = true));
  for (let ms = 0; ms <= 60_000; ms += 250) {
    await new Promise(setImmediate);
    if (isAnswered) return ms;
    clock.advance(250);
  }
  return undefined;
}

test('some wrong secrets are answered at once, each further one twice as late, up to ten seconds', async () => {
  const clock = new ManualClock();
  const delay = new LoginDelay(2, clock);
  const delays = [];
  for (let attempt = 0; attempt < 10; attempt++) delays.push(await delayOf(delay, clock));
  expect(delays).toEqual([0, 0, 250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('others are not concerned, but those of one IPv6 network are one', async () => {
  const clock = new ManualClock();
  const delay = new LoginDelay(1, clock);
  await delayOf(delay, clock, '2001:db8::1');
  expect(await delayOf(delay, clock, '203.0.113.8')).toBe(0);
  expect(await delayOf(delay, clock, '2001:db8::ffff')).toBe(250);
});

test('all is forgotten in the end', async () => {
  const clock = new ManualClock();
  const delay = new LoginDelay(1, clock);
  for (let attempt = 0; attempt < 5; attempt++) await delayOf(delay, clock);
  clock.advance(20 * 60_000);
  // Two generations: the first look turns one of them over.
  await delayOf(delay, clock, '203.0.113.8');
  clock.advance(10 * 60_000);
  expect(await delayOf(delay, clock)).toBe(0);
});
