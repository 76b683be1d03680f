import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { ContractError } from '../../src/protocol/close-codes.ts';
import {
  assertAudioPacket,
  AUDIO_PACKET_MAX_BYTES,
  AUDIO_PACKET_MIN_BYTES,
  nonceOf,
  readPacket,
  writeAudioPacket,
  writeEventPacket,
} from '../../src/protocol/packet.ts';
import { open, seal } from '../../src/protocol/sealing.ts';
import vectors from '../vectors/audio-packets.json' with { type: 'json' };

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** What a property holds for: a nonce and something sealed of every legal length. */
const NONCE = fc.uint8Array({ minLength: 24, maxLength: 24 });
const SEALED = fc.uint8Array({ minLength: 17, maxLength: 1291 });

describe.each(vectors)('an audio packet made elsewhere: $name', ({ opus, nonce, key, sealed, packet }) => {
  test('is what we write', () => {
    expect(Buffer.from(seal(bytes(opus), bytes(nonce), bytes(key))).toString('hex')).toBe(sealed);
    expect(Buffer.from(writeAudioPacket(bytes(nonce), bytes(sealed))).toString('hex')).toBe(packet);
  });

  test('is read and opened', () => {
    const read = readPacket(bytes(packet));
    if (read.kind !== 'audio') throw new Error('read as an event');
    const opened = open(read.sealed, read.nonce, bytes(key));
    expect(opened && Buffer.from(opened).toString('hex')).toBe(opus);
    expect(Buffer.from(nonceOf(bytes(packet))).toString('hex')).toBe(nonce);
  });

  test('does not open when any one byte of it is changed', () => {
    const read = bytes(sealed);
    for (let index = 0; index < read.length; index += 1) {
      const changed = Buffer.from(read);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(open(changed, bytes(nonce), bytes(key))).toBeUndefined();
    }
  });

  test('is refused when it is cut off before it can hold a frame', () => {
    for (let length = 0; length < AUDIO_PACKET_MIN_BYTES; length += 1) {
      expect(() => readPacket(bytes(packet).subarray(0, length))).toThrow(ContractError);
    }
  });
});

describe('a packet', () => {
  test('of audio goes through unchanged, whatever its bytes', () => {
    fc.assert(
      fc.property(NONCE, SEALED, (nonce, sealed) => {
        expect(readPacket(writeAudioPacket(nonce, sealed))).toEqual({ kind: 'audio', nonce, sealed });
      }),
    );
  });

  test('of an event goes through unchanged, whatever its text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (json) => {
        expect(readPacket(writeEventPacket(json))).toEqual({ kind: 'event', json });
      }),
    );
  });

  test('of audio is looked at without a copy', () => {
    const packet = writeAudioPacket(new Uint8Array(24), new Uint8Array(17));
    const read = readPacket(packet);
    if (read.kind !== 'audio') throw new Error('read as an event');
    expect([read.nonce.buffer, read.sealed.buffer]).toEqual([packet.buffer, packet.buffer]);
  });

  test('is read or refused with 4002, and nothing else, whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1400 }), (message) => {
        try {
          readPacket(message);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ContractError', close: { code: 4002 } });
        }
      }),
    );
  });

  test.each<[string, Uint8Array, string]>([
    [
      'nothing',
      new Uint8Array(0),
      'This is an empty message: a packet starts with a byte that says its kind.',
    ],
    [
      'a prefix that is none',
      Uint8Array.of(2),
      'This is a message that starts with 2: a host sends audio, which starts with 1.',
    ],
    ['one byte too few', new Uint8Array(41).fill(1), 'This is an audio packet of 41 bytes: 42 is the least.'],
    [
      'one byte too many',
      new Uint8Array(1317).fill(1),
      'This is an audio packet of 1317 bytes: 1316 is the most.',
    ],
  ])('of %s is refused with the rule and the numbers', (_, message, sentence) => {
    expect(() => assertAudioPacket(message)).toThrow(sentence);
    expect(() => readPacket(message)).toThrow(sentence);
  });

  test('of exactly the least and the most bytes is taken', () => {
    expect([AUDIO_PACKET_MIN_BYTES, AUDIO_PACKET_MAX_BYTES]).toEqual([42, 1316]);
    assertAudioPacket(new Uint8Array(42).fill(1));
    assertAudioPacket(new Uint8Array(1316).fill(1));
  });

  test('with an event that is not UTF-8 is refused', () => {
    expect(() => readPacket(Uint8Array.of(0, 0xff))).toThrow('This is an event that is not UTF-8.');
  });
});

test('what we seal another NaCl opens, and the other way round, at every length', () => {
  const key = nacl.randomBytes(32);
  fc.assert(
    fc.property(NONCE, fc.uint8Array({ minLength: 1, maxLength: 1275 }), (nonce, opus) => {
      expect(nacl.secretbox.open(seal(opus, nonce, key), nonce, key)).toEqual(opus);
      expect(open(nacl.secretbox(opus, nonce, key), nonce, key)).toEqual(opus);
    }),
  );
});
