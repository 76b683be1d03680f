/** IP addresses as the text that people and Node write, and as the bytes that the kernel reads. */
import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

const IPV6_GROUPS = 8;

export interface IpAddress {
  /** 4 or 16, in network order. */
  readonly bytes: Uint8Array;
  /** The interface that a link-local address is on (`fe80::1%eth0`); 0 for none. */
  readonly scope: number;
}

/** @throws TypeError when the text is not an IP address */
export function parseIpAddress(text: string): IpAddress {
  if (isIPv4(text)) return { bytes: ipv4Bytes(text), scope: 0 };
  if (!isIPv6(text)) throw new TypeError(`"${text}" is not an IP address.`);
  const [address = '', zone] = text.split('%');
  return { bytes: ipv6Bytes(address), scope: zone === undefined ? 0 : scopeOf(zone) };
}

/** The 16 bytes of `::ffff:a.b.c.d`: an IPv4 address on a dual-stack socket (RFC 4291 §2.5.5.2). */
export function mapToIpv6(ipv4: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.fill(0xff, 10, 12);
  bytes.set(ipv4, 12);
  return bytes;
}

function ipv4Bytes(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

/** @param text of the forms of RFC 4291 §2.2, checked by isIPv6 */
function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: IPV6_GROUPS - front.length - back.length }, () => 0);
  return Uint8Array.from([...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return Number.parseInt(group, 16);
    const [a = 0, b = 0, c = 0, d = 0] = ipv4Bytes(group);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone);
  const found = networkInterfaces()[zone]?.find(({ family }) => family === 'IPv6');
  return found?.family === 'IPv6' ? found.scopeid : 0;
}
