/** Cookies that prove who received a discovery answer, without a record of any (protocol.md §4, No reflection). */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { COOKIE_BYTES } from '../../protocol/discovery.ts';
import type { Endpoint } from './udp-session.ts';

const KEY_BYTES = 32;

export class AddressCookies {
  readonly #key: Uint8Array;

  /** @param key drawn for this process, so that no cookie outlives it */
  constructor(key: Uint8Array = randomBytes(KEY_BYTES)) {
    this.#key = key;
  }

  /** 16 bytes: HMAC-SHA-256 over client_id u32, port u16 and the address as text, cut off. */
  of(clientId: number, { address, port }: Endpoint): Buffer {
    const fixed = Buffer.allocUnsafe(6);
    fixed.writeUInt32BE(clientId);
    fixed.writeUInt16BE(port, 4);
    const hash = createHmac('sha256', this.#key).update(fixed).update(address).digest();
    return hash.subarray(0, COOKIE_BYTES);
  }

  /** Whether this very cookie was sent to this endpoint for this client; takes as long for a near miss as for any other. */
  proves(clientId: number, endpoint: Endpoint, cookieHex: string): boolean {
    const given = Buffer.from(cookieHex, 'hex');
    return given.length === COOKIE_BYTES && timingSafeEqual(given, this.of(clientId, endpoint));
  }
}
