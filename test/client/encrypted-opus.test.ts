import davey from '@snazzah/davey';
import { expect, test } from 'vitest';
import { looksEncrypted } from '../../src/client/encrypted-opus.ts';

test('a frame that ends in the marker and a size that fits is taken for encrypted', () => {
  const frame = Buffer.concat([Buffer.alloc(40, 0x78), Buffer.from([12, 0xfa, 0xfa])]);
  expect(looksEncrypted(frame)).toBe(true);
});

test.each([
  { what: 'an Opus frame', tail: [1, 2, 3] },
  { what: 'one that happens to end in the marker, but with a size that cannot be', tail: [3, 0xfa, 0xfa] },
  { what: 'the marker with a size beyond the frame', tail: [200, 0xfa, 0xfa] },
])('$what is not', ({ tail }) => {
  expect(looksEncrypted(Buffer.concat([Buffer.alloc(40, 0x78), Buffer.from(tail)]))).toBe(false);
});

test('nothing shorter than the supplement is', () => {
  for (let length = 0; length <= 12; length++) expect(looksEncrypted(Buffer.alloc(length, 0xfa))).toBe(false);
});

test('the version of DAVE that this was written for is the one that is installed', () => {
  expect(davey.DAVE_PROTOCOL_VERSION).toBe(1);
});
