/** Finds the address a request really comes from, behind proxies that are trusted to say so (X-Forwarded-For). */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

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

function trustOf(trust: TrustProxy): (address: string) => boolean {
  if (typeof trust === 'boolean') return () => trust;
  const list = new BlockList();
  for (const part of trust.split(',')) {
    const network = part.trim();
    const [address = '', prefix] = network.split('/');
    const version = isIP(address);
    if (version === 0)
      throw new Error(`"${network}" is neither an address nor a network: trusted proxies are those.`);
    list.addSubnet(
      address,
      prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix),
      family(version),
    );
  }
  return (address) => isIP(address) !== 0 && list.check(address, family(isIP(address)));
}

function family(version: number): 'ipv4' | 'ipv6' {
  return version === 6 ? 'ipv6' : 'ipv4';
}
