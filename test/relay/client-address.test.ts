import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { clientAddressBehind, limitedAs } from '../../src/relay/client-address.ts';

function request(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor };
  return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
}

describe('the address of a client', () => {
  test.each<[string, boolean | string, string, string | undefined, string]>([
    ['without proxies the header is a lie', false, '203.0.113.1', '9.9.9.9', '203.0.113.1'],
    ['a trusted proxy is believed', '10.0.0.0/8', '10.1.2.3', '203.0.113.1', '203.0.113.1'],
    ['a stranger is not', '10.0.0.0/8', '203.0.113.1', '9.9.9.9', '203.0.113.1'],
    ['what a client made up stands left', '10.0.0.0/8', '10.1.2.3', '9.9.9.9, 203.0.113.1', '203.0.113.1'],
    ['a chain of proxies is walked', '10.0.0.0/8, 192.0.2.1', '10.1.2.3', '9.9.9.9, 192.0.2.1', '9.9.9.9'],
    ['a proxy that says nothing is the client', '10.0.0.0/8', '10.1.2.3', undefined, '10.1.2.3'],
    ['rubbish ends the walk', true, '10.1.2.3', '9.9.9.9, rubbish', '10.1.2.3'],
    ['everyone is trusted', true, '10.1.2.3', '9.9.9.9, 8.8.8.8', '9.9.9.9'],
    ['IPv4 inside IPv6 is IPv4', '10.0.0.0/8', '::ffff:10.1.2.3', '203.0.113.1', '203.0.113.1'],
    ['IPv6 networks are known', 'fd00::/8', 'fd00::1', '2001:db8::9', '2001:db8::9'],
  ])('%s', (_, trust, remote, forwarded, expected) => {
    expect(clientAddressBehind(trust)(request(remote, forwarded))).toBe(expected);
  });

  test.each(['proxy', '10.0.0.0/40', '10.0.0.0/', '10.0.0.0/x', ''])(
    '"%s" is refused as a network',
    (network) => {
      expect(() => clientAddressBehind(`10.0.0.0/8,${network}`)).toThrow(
        `"${network}" is neither an address nor a network`,
      );
    },
  );
});

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8::6', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2::/64'],
])('a limit counts %s as %s', (address, counted) => {
  expect(limitedAs(address)).toBe(counted);
});
