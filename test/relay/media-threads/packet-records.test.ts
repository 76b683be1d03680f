import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PacketRecords, readPacketRecords } from '../../../src/relay/media-threads/packet-records.ts';

const U32 = fc.integer({ min: 0, max: 0xffffffff });

function read(records: ArrayBuffer): [number, number, string][] {
  const found: [number, number, string][] = [];
  readPacketRecords(records, (...[id, generation, packet]) => {
    found.push([id, generation, Buffer.from(packet).toString('hex')]);
  });
  return found;
}

test('packets come out as they went in, in their order, however many', () => {
  const packet = fc.uint8Array({ maxLength: 1316 });
  fc.assert(
    fc.property(fc.array(fc.tuple(U32, U32, packet), { maxLength: 20 }), (all) => {
      const records = new PacketRecords();
      for (const one of all) records.add(...one);
      expect(records.count).toBe(all.length);
      const expected = all.map(([id, generation, bytes]) => [
        id,
        generation,
        Buffer.from(bytes).toString('hex'),
      ]);
      expect(read(records.take())).toEqual(expected);
    }),
  );
});

test('a segment of minutes fits, too', () => {
  const records = new PacketRecords();
  const segment = new Uint8Array(1_000_000).fill(7);
  records.add(1, 2, segment);
  expect(read(records.take())).toEqual([[1, 2, Buffer.from(segment).toString('hex')]]);
});

test('it is empty once it has been taken, and may be used again', () => {
  const records = new PacketRecords();
  records.add(1, 0, Uint8Array.of(1));
  expect(records.take().byteLength).toBe(13);
  expect([records.count, records.bytes, records.take().byteLength]).toEqual([0, 0, 0]);
  records.add(2, 3, Uint8Array.of(4));
  expect(read(records.take())).toEqual([[2, 3, '04']]);
});
