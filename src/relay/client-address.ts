/** Finds the address a request really comes from, behind proxies that are trusted to say so (X-Forwarded-For). */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, SocketAddress } from 'node:net';

const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/** `true`: every proxy is trusted. A string: addresses and networks in CIDR notation, comma-separated. */
export type TrustProxy = boolean | string;

export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * Walks from the connection's own address outwards, as long as the address at hand is a trusted proxy's: what an
 * untrusted peer writes into the header counts for nothing.
 * @throws Error that quotes the part of `trust` that is neither address nor network
 */
export function clientAddressBehind(trust: TrustProxy): ClientAddress {
  const isTrusted = trustOf(trust);
  return ({ headers, socket }) => {
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    let address = plainAddress(socket.remoteAddress);
    while (isTrusted(address)) {
      const next = plainAddress(forwarded.pop()?.trim());
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  };
}

/** An IPv4 address that came through an IPv6 socket is written as IPv4. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The one way to write an IP address, so that two can be compared; empty for what is none. */
export function canonicalAddress(text: string): string {
  const [address = '', zone] = text.split('%');
  if (isIP(address) !== 6) return isIP(text) === 4 ? text : '';
  const canonical = plainAddress(new SocketAddress({ address, family: 'ipv6' }).address);
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}

/**
 * Whom a limit counts as one: an IPv4 address, or the /64 of an IPv6 address, which is what one customer gets and can
 * draw addresses from at will.
 */
export function limitedAs(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < IPV6_GROUPS) groups.push('0');
  }
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

function trustOf(trust: TrustProxy): (address: string) => boolean {
  if (typeof trust === 'boolean') return () => trust;
  const list = new BlockList();
  for (const part of trust.split(',')) {
    const network = part.trim();
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    const prefixBits = prefix === undefined ? bits : /^\d+$/.test(prefix) ? Number(prefix) : Infinity;
    if (version === 0 || prefixBits > bits) {
      throw new Error(`"${network}" is neither an address nor a network: trusted proxies are those.`);
    }
    list.addSubnet(address, prefixBits, family(version));
  }
  return (address) => isIP(address) !== 0 && list.check(address, family(isIP(address)));
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4';
}
