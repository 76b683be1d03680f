import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PacketEvent, readEvent, writeEvent } from '../../src/protocol/events.ts';
import { readPacket, writeEventPacket } from '../../src/protocol/packet.ts';
import { secretKeyFromSignedBytes, signedBytesOf } from '../../src/protocol/secret-key.ts';
import { SPEAKERS } from '../support/drawn-facts.ts';
import vectors from '../vectors/events.json' with { type: 'json' };

const U32 = fc.integer({ min: 1, max: 0xffffffff });
const RESUME = fc.record({ token: fc.string(), seconds: fc.nat() });
const ADDITIONS = fc.record(
  { clientId: U32, podcastId: U32, resume: RESUME },
  { requiredKeys: ['clientId', 'podcastId'] },
);
const SECRET_KEY = fc.uint8Array({ minLength: 32, maxLength: 32 });

function eventOf(vector: (typeof vectors)[number]): PacketEvent {
  if (vector.ssrc !== undefined) return { type: 'retract', ssrc: vector.ssrc };
  if (vector.speakers !== undefined) return { type: 'speakers', speakers: vector.speakers };
  if (vector.code !== undefined) return { type: 'disconnect', code: vector.code, reason: vector.reason };
  const secretKey = Uint8Array.from(Buffer.from(vector.secretKey ?? '', 'hex'));
  return vector.additions
    ? { type: 'hello', secretKey, additions: vector.additions }
    : { type: 'hello', secretKey };
}

describe.each(vectors)('an event made elsewhere: $name', (vector) => {
  test('is what we write, byte for byte', () => {
    const packet = writeEventPacket(writeEvent(eventOf(vector)));
    expect(Buffer.from(packet).toString('hex')).toBe(vector.packet);
  });

  test('is read', () => {
    const read = readPacket(Buffer.from(vector.packet, 'hex'));
    if (read.kind !== 'event') throw new Error('read as audio');
    expect(readEvent(read.json)).toEqual(eventOf(vector));
  });

  test('is refused when it is cut off anywhere', () => {
    const packet = Buffer.from(vector.packet, 'hex');
    for (let length = 1; length < packet.length; length += 1) {
      expect(() => {
        const read = readPacket(packet.subarray(0, length));
        if (read.kind === 'event') readEvent(read.json);
      }).toThrow(/^This is an event that is not (JSON|UTF-8)\.$/);
    }
  });
});

test('an event goes through unchanged, whatever it says', () => {
  const hello = fc.record(
    { type: fc.constant('hello' as const), secretKey: SECRET_KEY, additions: ADDITIONS },
    { requiredKeys: ['type', 'secretKey'] },
  );
  const disconnect = fc.record({
    type: fc.constant('disconnect' as const),
    code: fc.integer({ min: 1000, max: 4999 }),
    reason: fc.string({ unit: 'grapheme' }),
  });
  const retract = fc.record({
    type: fc.constant('retract' as const),
    ssrc: fc.integer({ min: 0, max: 0xffffffff }),
  });
  const speakers = fc.record({ type: fc.constant('speakers' as const), speakers: SPEAKERS });
  fc.assert(
    fc.property(fc.oneof(hello, disconnect, retract, speakers), (event) => {
      expect(readEvent(writeEvent(event as PacketEvent))).toEqual(event);
    }),
  );
});

test('unknown fields are passed over, and an unknown event is none', () => {
  expect(readEvent('{"type":1,"content":{"code":4003,"reason":"r","mood":"sad"},"id":5}')).toEqual({
    type: 'disconnect',
    code: 4003,
    reason: 'r',
  });
  expect(readEvent('{"type":99,"content":{}}')).toBeUndefined();
});

test.each([
  ['null', 'not a JSON object'],
  ['[]', 'not a JSON object'],
  ['{"type":0}', 'without type and content'],
  ['{"type":"0","content":{}}', 'without type and content'],
  ['{"type":0,"content":{"secretKey":[1,2,3]}}', 'secretKey is not 32 bytes'],
  ['{"type":1,"content":{"code":"4003","reason":""}}', 'without code and reason'],
  ['{"type":3,"content":{}}', 'a Speakers without a list of speakers'],
])('%s is refused with 4002', (json, sentence) => {
  expect(() => readEvent(json)).toThrow(sentence);
});

describe('a key in JSON', () => {
  test('is signed bytes, and restored by Uint8Array.from', () => {
    fc.assert(
      fc.property(SECRET_KEY, (key) => {
        const signed = signedBytesOf(key);
        for (const byte of signed) expect(byte === (byte << 24) >> 24).toBe(true);
        expect(Uint8Array.from(signed)).toEqual(key);
        expect(secretKeyFromSignedBytes(signed)).toEqual(key);
      }),
    );
  });

  test('may be unsigned, as some relay might write it', () => {
    expect(secretKeyFromSignedBytes(Array(32).fill(255))).toEqual(new Uint8Array(32).fill(255));
  });

  test.each([
    ['too short', Array(31).fill(0)],
    ['too long', Array(33).fill(0)],
    ['too large a number', [...Array(31).fill(0), 256]],
    ['too small a number', [...Array(31).fill(0), -129]],
    ['a fraction', [...Array(31).fill(0), 0.5]],
    ['a string', [...Array(31).fill(0), '0']],
    ['no list', 'x'.repeat(32)],
  ])('is refused when it is %s', (_, value) => {
    expect(secretKeyFromSignedBytes(value)).toBeUndefined();
  });
});
