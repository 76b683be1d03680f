import { expect, test } from 'vitest';
import { HlsStream } from '../../../src/relay/hls/hls-stream.ts';
import { HlsServer } from '../../support/hls-server.ts';

test('however many wait for a segment, one timer ends it for all, and the next ones wait anew', async () => {
  const server = await HlsServer.start();
  const { clock, encodings } = server;
  const stream = new HlsStream({
    channel: server.podcast(),
    encodings,
    clock,
    address: '10.0.0.1',
    onEnd: () => undefined,
  });
  const waiting = Array.from({ length: 1000 }, () => stream.hasSegments());
  expect(clock.timers).toBe(1);
  clock.advance(8000);
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([false]));
  const more = [stream.hasSegments(), stream.hasSegments()];
  clock.advance(7000);
  encodings.give();
  expect(await Promise.all(more)).toEqual([true, true]);
  // The timer of those who have what they waited for is nothing to anyone.
  clock.advance(1000);
});
