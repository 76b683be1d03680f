import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NonceWriter, readRtpMetadata } from '../../src/protocol/nonce.ts';
import { ReplayWindow } from '../../src/protocol/replay-window.ts';
import vectors from '../vectors/nonces.json' with { type: 'json' };

test.each(vectors)('packet $counter of epoch $epoch has the nonce $nonce', (vector) => {
  const { nonce, epoch, counter, ...rtp } = vector;
  const writer = new NonceWriter(epoch);
  for (let earlier = 0; earlier < counter; earlier += 1) writer.next(rtp);
  expect(Buffer.from(writer.next(rtp)).toString('hex')).toBe(nonce);
  expect(readRtpMetadata(Buffer.from(nonce, 'hex'))).toEqual(rtp);
});

test('no nonce of a connection comes twice, even for the same frame', () => {
  const writer = new NonceWriter();
  const rtp = { sequence: 1, timestamp: 2, ssrc: 3 };
  const nonces = new Set(Array.from({ length: 5000 }, () => Buffer.from(writer.next(rtp)).toString('hex')));
  expect(nonces.size).toBe(5000);
});

test('two connections differ in their epoch', () => {
  const rtp = { sequence: 1, timestamp: 2, ssrc: 3 };
  expect(new NonceWriter().next(rtp)).not.toEqual(new NonceWriter().next(rtp));
});

test('a nonce is written into its place and nowhere else', () => {
  const buffer = new Uint8Array(30).fill(0xee);
  new NonceWriter(0).next({ sequence: 0, timestamp: 0, ssrc: 0 }, buffer.subarray(3));
  expect([...buffer.subarray(0, 3), ...buffer.subarray(27)]).toEqual(Array(6).fill(0xee));
});

test('a foreign nonce has no RTP header, and whatever has one is read', () => {
  expect(readRtpMetadata(new Uint8Array(24))).toBeUndefined();
  expect(readRtpMetadata(Uint8Array.of(0x80, 0x78))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), (nonce) => {
      const isRtp = nonce[0] === 0x80 && nonce[1] === 0x78;
      expect(readRtpMetadata(nonce) !== undefined).toBe(isRtp);
    }),
  );
});

test('a repeat is found as long as it is within the window, and taken again far beyond', () => {
  const window = new ReplayWindow(100);
  const writer = new NonceWriter(0);
  const nonces = Array.from({ length: 400 }, () => {
    return Uint8Array.from(writer.next({ sequence: 0, timestamp: 0, ssrc: 0 }));
  });
  nonces.forEach((nonce, index) => {
    expect(window.accept(nonce)).toBe(true);
    for (const recent of nonces.slice(Math.max(0, index - 99), index + 1)) {
      expect(window.accept(recent)).toBe(false);
    }
  });
  expect(window.accept(nonces[0] ?? new Uint8Array(24))).toBe(true);
});

test('nonces that differ in one bit are two', () => {
  const window = new ReplayWindow(1000);
  expect(window.accept(new Uint8Array(24))).toBe(true);
  for (let bit = 0; bit < 24 * 8; bit += 1) {
    const nonce = new Uint8Array(24);
    nonce[bit >> 3] = 1 << (bit & 7);
    expect(window.accept(nonce)).toBe(true);
  }
});
