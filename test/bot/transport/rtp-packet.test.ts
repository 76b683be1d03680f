import { describe, expect, test } from 'vitest';
import { payloadOf, readRtpHeader, writeRtpHeader } from '../../../src/bot/transport/rtp-packet.ts';

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

const TRAILER = '00'.repeat(20);

function datagram(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', '') + TRAILER, 'hex');
}

describe('the header of an RTP packet', () => {
  test('gives sequence, timestamp and SSRC', () => {
    expect(readRtpHeader(datagram('80 78 fffe fffffffd 80000001'))).toEqual({
      sequence: 0xfffe,
      timestamp: 0xffff_fffd,
      ssrc: 0x8000_0001,
      headerBytes: 12,
      padded: false,
      extensionBytes: 0,
    });
  });

  test('is read again as it was written', () => {
    const rtp = { sequence: 0xffff, timestamp: 0xffff_ffff, ssrc: 0x8000_0000 };
    expect(readRtpHeader(Buffer.concat([writeRtpHeader(rtp), Buffer.alloc(20)]))).toMatchObject(rtp);
  });

  test('ends behind the preamble of an extension, whose data are encrypted', () => {
    const header = readRtpHeader(datagram('90 78 0001 00000002 00000003 bede 0002'));
    expect(header).toMatchObject({ headerBytes: 16, extensionBytes: 8 });
  });

  test('counts contributing sources in, before the extension', () => {
    const header = readRtpHeader(datagram('b2 f8 0001 00000002 00000003 aaaaaaaa bbbbbbbb bede 0001'));
    expect(header).toMatchObject({ headerBytes: 24, extensionBytes: 4, padded: true });
  });

  test.each([
    { what: 'another version of RTP', hex: '40 78 0001 00000002 00000003' },
    { what: 'a payload that is not Opus', hex: '80 79 0001 00000002 00000003' },
    { what: 'sources that it does not have', hex: '8f 78 0001 00000002 00000003' },
  ])('is refused with $what', ({ hex }) => {
    expect(readRtpHeader(datagram(hex))).toBeUndefined();
  });

  test('is refused at every length that cannot hold a packet, without an exception', () => {
    const whole = datagram('bf 78 0001 00000002 00000003' + 'cc'.repeat(60) + 'bede 0001');
    for (let length = 0; length < 12 + 60 + 4 + 20; length++) {
      expect(readRtpHeader(whole.subarray(0, length))).toBeUndefined();
    }
    expect(readRtpHeader(whole)).toBeDefined();
  });
});

describe('the payload of a decrypted packet', () => {
  const plain = { sequence: 0, timestamp: 0, ssrc: 0, headerBytes: 12, padded: false, extensionBytes: 0 };

  test('is all of it without padding and extension', () => {
    expect(payloadOf(bytes('010203'), plain)).toEqual(bytes('010203'));
  });

  test('stands behind the extension and before the padding', () => {
    const header = { ...plain, padded: true, extensionBytes: 4 };
    expect(payloadOf(bytes('eeeeeeee0102000003'), header)).toEqual(bytes('0102'));
  });

  test('is empty in a packet of padding alone', () => {
    expect(payloadOf(bytes('00000003'), { ...plain, padded: true })).toHaveLength(1);
    expect(payloadOf(bytes('000003'), { ...plain, padded: true })).toHaveLength(0);
  });

  test.each([
    { what: 'padding longer than the packet', hex: '0009', padded: true, extensionBytes: 0 },
    { what: 'padding of length zero', hex: '0100', padded: true, extensionBytes: 0 },
    { what: 'padding flagged on an empty packet', hex: '', padded: true, extensionBytes: 0 },
    { what: 'an extension longer than the packet', hex: '0102', padded: false, extensionBytes: 4 },
  ])('is refused with $what', ({ hex, padded, extensionBytes }) => {
    expect(payloadOf(bytes(hex), { ...plain, padded, extensionBytes })).toBeUndefined();
  });
});
