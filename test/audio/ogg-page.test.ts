import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OggPageWriter, opusTags } from '../../src/audio/ogg-page.ts';
import { readOggPages } from '../support/ogg-pages.ts';

test('what is in a page comes out of it, with its CRC, whatever the lengths', () => {
  const packets = fc.array(fc.uint8Array({ maxLength: 1275 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(packets, fc.nat(0xffff_ffff), fc.maxSafeNat(), (all, serial, granule) => {
      const writer = new OggPageWriter(serial);
      const first = writer.write({ packets: [], granule: 0, isFirst: true });
      const last = writer.write({ packets: all, granule, isLast: true });
      expect(readOggPages(Buffer.concat([first, last]))).toEqual([
        { flags: 2, granule: 0n, serial, sequence: 0, packets: [] },
        {
          flags: 4,
          granule: BigInt(granule),
          serial,
          sequence: 1,
          packets: all.map((one) => Buffer.from(one)),
        },
      ]);
    }),
  );
});

test('comments are a vendor, then as many as there are, in UTF-8', () => {
  expect(Buffer.from(opusTags('me', ['TITLE=Ö', 'A='])).toString('hex')).toBe(
    Buffer.from('OpusTags\x02\0\0\0me\x02\0\0\0\x08\0\0\0TITLE=\xc3\x96\x02\0\0\0A=', 'latin1').toString(
      'hex',
    ),
  );
});
