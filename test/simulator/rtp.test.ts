import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRtp, encodeRtp, rtpHeaderLength, type RtpPacket } from '../../simulator/voice/rtp.ts';
import { TransportCipher, transportModes } from '../../simulator/voice/transport-cipher.ts';

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

const packets: fc.Arbitrary<RtpPacket> = fc.record(
  {
    sequence: fc.integer({ min: 0, max: 0xffff }),
    timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
    ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
    payload: bytes(1500),
    extension: bytes(10).map((data) => Buffer.concat([data, data, data, data])),
    padding: fc.integer({ min: 1, max: 255 }),
    csrcs: fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { minLength: 1, maxLength: 15 }),
  },
  { requiredKeys: ['sequence', 'timestamp', 'ssrc', 'payload'] },
);

test('a packet is laid out as RFC 3550 draws it', () => {
  const { header, body } = encodeRtp({
    sequence: 0x1234,
    timestamp: 0x56789abc,
    ssrc: 0xdef01234,
    payload: Buffer.from('aabb', 'hex'),
    csrcs: [1],
    extension: Buffer.from('10ff0000', 'hex'),
    padding: 3,
  });
  expect(header.toString('hex')).toBe('b178123456789abcdef0123400000001bede0001');
  expect(body.toString('hex')).toBe('10ff0000aabb000003');
});

test('whatever is encoded is decoded again', () => {
  fc.assert(
    fc.property(packets, (packet) => {
      expect(decodeRtp(encodeRtp(packet))).toEqual(packet);
    }),
  );
});

test('a datagram is either sealed whole or does not open', () => {
  fc.assert(
    fc.property(
      packets,
      fc.constantFrom(...transportModes),
      fc.nat(),
      fc.nat(),
      (packet, mode, cut, flip) => {
        const key = Buffer.alloc(32, 7);
        const datagram = new TransportCipher(mode, key).seal(encodeRtp(packet));
        const reader = new TransportCipher(mode, key);
        expect(decodeRtp(reader.open(datagram))).toEqual(packet);
        expect(() => reader.open(datagram.subarray(0, cut % datagram.length))).toThrow();
        const at = flip % datagram.length;
        datagram.writeUInt8(datagram.readUInt8(at) ^ 0x40, at);
        expect(() => reader.open(datagram)).toThrow();
      },
    ),
  );
});

test('a cipher never uses a nonce twice', () => {
  const cipher = new TransportCipher('aead_aes256_gcm_rtpsize', Buffer.alloc(32));
  const parts = encodeRtp({ sequence: 1, timestamp: 2, ssrc: 3, payload: Buffer.from('x') });
  const counters = Array.from({ length: 4 }, () => cipher.seal(parts).readUInt32BE(12 + 1 + 16));
  expect(counters).toEqual([1, 2, 3, 4]);
});

test('what is no RTP is refused with the numbers', () => {
  expect(() => rtpHeaderLength(Buffer.alloc(11, 0x80))).toThrow(
    'datagram of 11 bytes: an RTP header takes 12',
  );
  expect(() => rtpHeaderLength(Buffer.alloc(12))).toThrow('RTP version 0: only 2 is known');
  expect(() => rtpHeaderLength(Buffer.alloc(12, 0x8f))).toThrow(
    'datagram of 12 bytes: its RTP header takes 72',
  );
  const packet = { sequence: 0, timestamp: 0, ssrc: 0, payload: Buffer.alloc(0) };
  expect(() => encodeRtp({ ...packet, extension: Buffer.alloc(3) })).toThrow('must be a multiple of 4');
  expect(() => encodeRtp({ ...packet, csrcs: Array.from({ length: 16 }, () => 0) })).toThrow(
    '15 are the most',
  );
  expect(() => encodeRtp({ ...packet, padding: 256 })).toThrow('1 to 255 are possible');
  const { header } = encodeRtp({ ...packet, padding: 200 });
  expect(() => decodeRtp({ header, body: Buffer.alloc(4, 200) })).toThrow('extension and padding take 200');
});
