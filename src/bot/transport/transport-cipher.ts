/** The transport encryption between Discord's voice server and this bot, both ways, in both modes Discord offers. */
import { type KeyObject, createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import sodium from 'sodium-native';
import { NONCE_COUNTER_BYTES, TAG_BYTES } from './rtp-packet.ts';

export interface TransportCipher {
  /**
   * @param datagram a whole RTP packet
   * @param headerBytes how much of it stands in clear
   * @returns the decrypted part; undefined when the packet is not authentic
   */
  open(datagram: Buffer, headerBytes: number): Buffer | undefined;
  /**
   * @param counter u32, never twice under one key
   * @returns a whole RTP packet: header ‖ sealed payload ‖ tag ‖ counter
   */
  seal(header: Buffer, payload: Buffer, counter: number): Buffer;
}

/** Undefined for a mode that this bot does not know; it never asks for one. */
export function transportCipher(mode: string, key: Uint8Array): TransportCipher | undefined {
  if (mode === 'aead_aes256_gcm_rtpsize') return new AesGcm(createSecretKey(key));
  if (mode === 'aead_xchacha20_poly1305_rtpsize') return new XChaCha(Buffer.from(key));
  return undefined;
}

/** The cipher of a connection's present key, made once a key: the library makes a new array for each. */
export class KeyedCipher {
  #key: Uint8Array | undefined;
  #cipher: TransportCipher | undefined;

  of(mode: string, key: Uint8Array): TransportCipher | undefined {
    if (this.#key !== key) {
      this.#key = key;
      this.#cipher = transportCipher(mode, key);
    }
    return this.#cipher;
  }
}

const AES_NONCE_BYTES = 12;
const XCHACHA_NONCE_BYTES = 24;

// A KeyObject made once, and no concat of the two halves: 4.5 µs a frame instead of 16.7.
class AesGcm implements TransportCipher {
  readonly #key: KeyObject;
  readonly #nonce = Buffer.alloc(AES_NONCE_BYTES);

  constructor(key: KeyObject) {
    this.#key = key;
  }

  open(datagram: Buffer, headerBytes: number): Buffer | undefined {
    const tagStart = datagram.length - NONCE_COUNTER_BYTES - TAG_BYTES;
    const tagEnd = tagStart + TAG_BYTES;
    datagram.copy(this.#nonce, 0, tagEnd);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(datagram.subarray(0, headerBytes));
    decipher.setAuthTag(datagram.subarray(tagStart, tagEnd));
    const opened = decipher.update(datagram.subarray(headerBytes, tagStart));
    try {
      // GCM is a stream cipher: `final` adds no byte, it only checks the tag.
      decipher.final();
    } catch {
      return undefined;
    }
    return opened;
  }

  seal(header: Buffer, payload: Buffer, counter: number): Buffer {
    this.#nonce.writeUInt32BE(counter);
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(header);
    const sealed = cipher.update(payload);
    cipher.final();
    return Buffer.concat([header, sealed, cipher.getAuthTag(), this.#nonce.subarray(0, NONCE_COUNTER_BYTES)]);
  }
}

class XChaCha implements TransportCipher {
  readonly #key: Buffer;
  readonly #nonce = Buffer.alloc(XCHACHA_NONCE_BYTES);

  constructor(key: Buffer) {
    this.#key = key;
  }

  open(datagram: Buffer, headerBytes: number): Buffer | undefined {
    const end = datagram.length - NONCE_COUNTER_BYTES;
    datagram.copy(this.#nonce, 0, end);
    const sealed = datagram.subarray(headerBytes, end);
    const opened = Buffer.allocUnsafe(sealed.length - TAG_BYTES);
    const header = datagram.subarray(0, headerBytes);
    try {
      sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(opened, null, sealed, header, this.#nonce, this.#key);
    } catch {
      return undefined;
    }
    return opened;
  }

  seal(header: Buffer, payload: Buffer, counter: number): Buffer {
    this.#nonce.writeUInt32BE(counter);
    const sealed = Buffer.allocUnsafe(payload.length + TAG_BYTES);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, payload, header, null, this.#nonce, this.#key);
    return Buffer.concat([header, sealed, this.#nonce.subarray(0, NONCE_COUNTER_BYTES)]);
  }
}
