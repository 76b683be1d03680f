/**
 * Seals and opens RTP datagrams in Discord's two transport modes.
 *
 *     RTP header | sealed body | 16-byte tag | 4-byte nonce counter
 *
 * The header is the additional data; the nonce is the counter followed by zeros.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import sodium from 'sodium-native';
import { rtpHeaderLength, type RtpParts } from './rtp.ts';

export const transportModes = ['aead_aes256_gcm_rtpsize', 'aead_xchacha20_poly1305_rtpsize'] as const;

export type TransportMode = (typeof transportModes)[number];

const tagBytes = 16;
const counterBytes = 4;
const nonceBytes: Readonly<Record<TransportMode, number>> = {
  aead_aes256_gcm_rtpsize: 12,
  aead_xchacha20_poly1305_rtpsize: 24,
};

/** Whether the word names a mode that this server offers. */
export function isTransportMode(word: unknown): word is TransportMode {
  return transportModes.some((mode) => mode === word);
}

/** One direction-agnostic key: seals with a rising counter, opens what the other side sealed. */
export class TransportCipher {
  readonly mode: TransportMode;
  readonly #key: Buffer;
  /** The key as node:crypto has it at hand: given as bytes, it takes three times as long for each packet. */
  readonly #keyObject: KeyObject;
  readonly #nonce: Buffer;
  #counter = 0;

  /** @param key 32 bytes */
  constructor(mode: TransportMode, key: Buffer) {
    this.mode = mode;
    this.#key = key;
    this.#keyObject = createSecretKey(key);
    this.#nonce = Buffer.alloc(nonceBytes[mode]);
  }

  /** The datagram that carries this header and body. */
  seal({ header, body }: RtpParts): Buffer {
    this.#counter = (this.#counter + 1) >>> 0;
    const datagram = Buffer.allocUnsafe(header.length + body.length + tagBytes + counterBytes);
    header.copy(datagram, 0);
    datagram.writeUInt32BE(this.#counter, datagram.length - counterBytes);
    const nonce = this.#nonceOf(datagram);
    if (this.mode === 'aead_aes256_gcm_rtpsize') {
      const cipher = createCipheriv('aes-256-gcm', this.#keyObject, nonce);
      cipher.setAAD(header);
      cipher.update(body).copy(datagram, header.length);
      cipher.final();
      cipher.getAuthTag().copy(datagram, header.length + body.length);
    } else {
      const sealed = datagram.subarray(header.length, datagram.length - counterBytes);
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, body, header, null, nonce, this.#key);
    }
    return datagram;
  }

  /**
   * Opens a datagram.
   * @throws RangeError if it is too short to be one, Error if its tag does not fit
   */
  open(datagram: Buffer): RtpParts {
    const headerLength = rtpHeaderLength(datagram);
    const least = headerLength + tagBytes + counterBytes;
    if (datagram.length < least)
      throw new RangeError(`datagram of ${datagram.length} bytes: ${least} is the least`);
    const header = datagram.subarray(0, headerLength);
    const nonce = this.#nonceOf(datagram);
    const tagAt = datagram.length - counterBytes - tagBytes;
    if (this.mode === 'aead_aes256_gcm_rtpsize') {
      const decipher = createDecipheriv('aes-256-gcm', this.#keyObject, nonce);
      decipher.setAAD(header);
      decipher.setAuthTag(datagram.subarray(tagAt, tagAt + tagBytes));
      const body = Buffer.concat([decipher.update(datagram.subarray(headerLength, tagAt)), decipher.final()]);
      return { header, body };
    }
    const body = Buffer.alloc(tagAt - headerLength);
    const sealed = datagram.subarray(headerLength, tagAt + tagBytes);
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(body, null, sealed, header, nonce, this.#key);
    return { header, body };
  }

  #nonceOf(datagram: Buffer): Buffer {
    datagram.copy(this.#nonce, 0, datagram.length - counterBytes);
    return this.#nonce;
  }
}
