import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  COOKIE_BYTES,
  readDiscoveryAnswer,
  readDiscoveryRequest,
  writeDiscoveryAnswer,
  writeDiscoveryRequest,
} from '../../src/protocol/discovery.ts';
import vectors from '../vectors/discovery.json' with { type: 'json' };

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

test.each(vectors.requests)('a request of client $clientId is what Discord defines', (vector) => {
  expect(hex(writeDiscoveryRequest(vector.clientId))).toBe(vector.datagram);
  expect(readDiscoveryRequest(Buffer.from(vector.datagram, 'hex'))).toBe(vector.clientId);
});

describe.each(vectors.answers)('an answer made elsewhere: $name', ({ datagram, ...vector }) => {
  const { clientId, address, port } = vector;
  const answer = { clientId, address, port, cookie: Uint8Array.from(Buffer.from(vector.cookie, 'hex')) };

  test('is what we write', () => {
    expect(hex(writeDiscoveryAnswer(answer))).toBe(datagram);
  });

  test('is read', () => {
    expect(readDiscoveryAnswer(Uint8Array.from(Buffer.from(datagram, 'hex')))).toEqual(answer);
  });

  test('has its address where clients of Discord look for it: from byte 8 to the first NUL', () => {
    const bytes = Buffer.from(datagram, 'hex');
    expect(bytes.subarray(8, bytes.indexOf(0, 8)).toString()).toBe(answer.address);
    expect(bytes.readUInt16BE(72)).toBe(answer.port);
  });
});

test('whatever stands in the address and port of a request, it is one', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 66, maxLength: 66 }), (rest) => {
      const datagram = Buffer.concat([Buffer.from('0001004600000007', 'hex'), rest]);
      expect(readDiscoveryRequest(datagram)).toBe(7);
    }),
  );
});

test('a datagram of any other size, type or length is neither request nor answer', () => {
  const request = writeDiscoveryRequest(1);
  for (let length = 0; length < request.length; length += 1) {
    expect(readDiscoveryRequest(request.subarray(0, length))).toBeUndefined();
  }
  expect(readDiscoveryRequest(Buffer.concat([request, Buffer.of(0)]))).toBeUndefined();
  expect(readDiscoveryAnswer(request)).toBeUndefined();
  for (const offset of [0, 1, 2, 3]) {
    const changed = Buffer.from(request);
    changed[offset] = 9;
    expect(readDiscoveryRequest(changed)).toBeUndefined();
  }
});

test('an answer is as long as a request, whatever the address, and its text always ends', () => {
  const cookie = new Uint8Array(COOKIE_BYTES).fill(0xff);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 100 }), (address) => {
      const answer = writeDiscoveryAnswer({ clientId: 1, address, port: 2, cookie });
      expect(answer).toHaveLength(writeDiscoveryRequest(1).length);
      expect(answer[55]).toBe(0);
      expect(readDiscoveryAnswer(answer)).toMatchObject({ address: address.slice(0, 47), cookie });
    }),
  );
});
