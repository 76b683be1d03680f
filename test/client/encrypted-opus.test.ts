import davey from '@snazzah/davey';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksEncrypted } from '../../src/client/encrypted-opus.ts';

function frameThatEnds(...tail: number[]): Buffer {
  return Buffer.concat([Buffer.alloc(40, 0x78), Buffer.from(tail)]);
}

describe('a frame is taken for encrypted', () => {
  test.each([
    { what: 'a nonce of one byte', tail: [0x05, 12, 0xfa, 0xfa] },
    { what: 'a nonce of two bytes', tail: [0x85, 0x01, 13, 0xfa, 0xfa] },
    { what: 'a nonce of five bytes', tail: [0xff, 0xff, 0xff, 0xff, 0x0f, 16, 0xfa, 0xfa] },
  ])('with $what, its size and the marker', ({ tail }) => {
    expect(looksEncrypted(frameThatEnds(...tail))).toBe(true);
  });

  test.each([
    { what: 'an Opus frame', tail: [1, 2, 3] },
    { what: 'the marker with a size that cannot be', tail: [5, 11, 0xfa, 0xfa] },
    { what: 'the marker with the size of what Opus never has', tail: [5, 17, 0xfa, 0xfa] },
    { what: 'a nonce that says it goes on', tail: [0x85, 12, 0xfa, 0xfa] },
    { what: 'a nonce that ends too early', tail: [0x05, 0x01, 13, 0xfa, 0xfa] },
  ])('but not $what', ({ tail }) => {
    expect(looksEncrypted(frameThatEnds(...tail))).toBe(false);
  });

  test('but nothing that is no longer than the supplement', () => {
    for (let length = 0; length <= 12; length++) {
      const frame = Buffer.alloc(length, 0xfa);
      if (length >= 4) frame.set([0x05, 12], length - 4);
      expect(looksEncrypted(frame)).toBe(false);
    }
  });

  test('hardly ever by chance', () => {
    // The old rule, marker and any size, would be met by one in 70 of these.
    const tail = fc.uint8Array({ minLength: 20, maxLength: 60 });
    let taken = 0;
    fc.assert(
      fc.property(tail, fc.integer({ min: 0, max: 255 }), (bytes, size) => {
        if (looksEncrypted(Uint8Array.from([...bytes, size, 0xfa, 0xfa]))) taken += 1;
      }),
      { numRuns: 5000, seed: 1 },
    );
    expect(taken).toBeLessThan(100);
  });
});

test('the version of DAVE that this was written for is the one that is installed', () => {
  expect(davey.DAVE_PROTOCOL_VERSION).toBe(1);
});
