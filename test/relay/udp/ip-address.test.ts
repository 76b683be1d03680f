import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainAddress } from '../../../src/relay/client-address.ts';
import { mapToIpv6, parseIpAddress } from '../../../src/relay/udp/ip-address.ts';

test.each([
  ['127.0.0.1', '7f000001'],
  ['255.255.255.255', 'ffffffff'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
  ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
  ['fe80::', 'fe800000000000000000000000000000'],
  ['::ffff:192.0.2.128', '00000000000000000000ffffc0000280'],
  ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
])('%s is %s', (text, hex) => {
  expect(Buffer.from(parseIpAddress(text).bytes).toString('hex')).toBe(hex);
});

test('every IPv6 address reads the same however it is shortened', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const canonical = new SocketAddress({ address: text, family: 'ipv6' }).address;
      expect(parseIpAddress(text)).toEqual(parseIpAddress(canonical));
    }),
  );
});

test('the zone of a link-local address is an interface, by number or by name', () => {
  expect(parseIpAddress('fe80::1%3').scope).toBe(3);
  expect(parseIpAddress('fe80::1%no-such-interface').scope).toBe(0);
});

test.each(['', 'localhost', '1.2.3', '1.2.3.256', '::g', '1.2.3.4:5'])('"%s" is no address', (text) => {
  expect(() => parseIpAddress(text)).toThrow(TypeError);
});

test('IPv4 is dotted text whatever the socket it came by', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('192.0.2.1')).toBe('192.0.2.1');
  expect(plainAddress('::ffff:1')).toBe('::ffff:1');
  expect(Buffer.from(mapToIpv6(Uint8Array.of(192, 0, 2, 1))).toString('hex')).toBe(
    '00000000000000000000ffffc0000201',
  );
});
