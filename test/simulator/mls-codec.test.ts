import fc from 'fast-check';
import { DAVESession } from '@snazzah/davey';
import { expect, test } from 'vitest';
import { readSoundKeyPackage } from '../../simulator/voice/dave/key-package.ts';
import {
  MlsReader,
  tryRead,
  uint16,
  uint32,
  uint64,
  varint,
  vector,
} from '../../simulator/voice/dave/mls-codec.ts';
import { readKeyPackage } from '../../simulator/voice/dave/mls-messages.ts';
import { Roster } from '../../simulator/voice/dave/roster.ts';

// The examples of RFC 9000 §A.1, which RFC 9420 §2.1.2 refers to.
test.for([
  ['25', 37],
  ['7bbd', 15_293],
  ['9d7f3e7d', 494_878_333],
] as const)('%s is the length %i', ([hex, value]) => {
  expect(varint(value).toString('hex')).toBe(hex);
  expect(new MlsReader(Buffer.from(hex, 'hex')).varint()).toBe(value);
});

test('lengths of 8 bytes, and beyond 2³⁰, are refused', () => {
  expect(() => new MlsReader(Buffer.from('c000000000000001', 'hex')).varint()).toThrow(
    '1, 2 and 4 are allowed',
  );
  expect(() => varint(2 ** 30)).toThrow('1073741823 is the most');
});

test('whatever is written is read again, and nothing can be cut off unnoticed', () => {
  const short = fc.uint8Array({ maxLength: 20_000 });
  fc.assert(
    fc.property(
      short,
      fc.nat(0xffff),
      fc.nat(0xffff_ffff),
      fc.bigInt(0n, 2n ** 64n - 1n),
      (data, a, b, c) => {
        const written = Buffer.concat([vector(Buffer.from(data)), uint16(a), uint32(b), uint64(c)]);
        const reader = new MlsReader(written);
        expect([...reader.vector()]).toEqual([...data]);
        expect([reader.uint16(), reader.uint32(), reader.uint64(), reader.left]).toEqual([a, b, c, 0]);
        const cut = new MlsReader(written.subarray(0, -1));
        expect(() => [cut.vector(), cut.uint16(), cut.uint32(), cut.uint64()]).toThrow(
          'MLS message cut short',
        );
      },
    ),
    { numRuns: 50 },
  );
});

const userId = '123456789012345678';
const identity = uint64(BigInt(userId));
const payload = new DAVESession(1, userId, '987654321098765432').getSerializedKeyPackage();

test('a key package is taken from its owner alone', () => {
  expect(readSoundKeyPackage(payload, identity).bytes).toEqual(payload);
  expect(() => readSoundKeyPackage(payload, uint64(1n))).toThrow("not the user's credential");
});

test('a key package with any byte changed or missing is refused', () => {
  for (let at = 0; at < payload.length; at += 1) {
    const changed = Buffer.from(payload);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(
      tryRead(() => readSoundKeyPackage(changed, identity)),
      `byte ${at}`,
    ).toBeUndefined();
    expect(
      tryRead(() => readKeyPackage(payload.subarray(0, at))),
      `first ${at} bytes`,
    ).toBeUndefined();
  }
});

test('a new member takes the leftmost blank leaf, and blank leaves at the end are cut off', () => {
  const roster = new Roster('a');
  for (const member of ['b', 'c', 'd']) roster.add(member);
  roster.remove(1);
  roster.remove(3);
  roster.add('e');
  roster.add('f');
  expect(roster.members).toEqual(['a', 'e', 'c', 'f']);
  expect([roster.leafOf('f'), roster.leafOf('b'), roster.at(1), roster.has('d')]).toEqual([
    3,
    undefined,
    'e',
    false,
  ]);
});
