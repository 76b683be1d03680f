import { createCipheriv, randomBytes } from 'node:crypto';
import sodium from 'sodium-native';
import { describe, expect, test } from 'vitest';
import { transportCipher } from '../../../src/bot/transport/transport-cipher.ts';

const KEY = randomBytes(32);
const HEADER = Buffer.from('807800010000000200000003', 'hex');
const FRAME = Buffer.from('78010203', 'hex');
const COUNTER = Buffer.from('00000007', 'hex');

/** Sealed as Discord's voice servers do, in words of the modes' own libraries. */
const SEAL = {
  aead_aes256_gcm_rtpsize(): Buffer {
    const nonce = Buffer.concat([COUNTER, Buffer.alloc(8)]);
    const cipher = createCipheriv('aes-256-gcm', KEY, nonce);
    cipher.setAAD(HEADER);
    const sealed = Buffer.concat([cipher.update(FRAME), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([HEADER, sealed, COUNTER]);
  },
  aead_xchacha20_poly1305_rtpsize(): Buffer {
    const nonce = Buffer.concat([COUNTER, Buffer.alloc(20)]);
    const sealed = Buffer.alloc(FRAME.length + 16);
    sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, FRAME, HEADER, null, nonce, KEY);
    return Buffer.concat([HEADER, sealed, COUNTER]);
  },
};

describe.each(Object.keys(SEAL) as (keyof typeof SEAL)[])('%s', (mode) => {
  const datagram = SEAL[mode]();
  const cipher = transportCipher(mode, KEY)!;

  test('opens what the voice server sealed', () => {
    expect(cipher.open(datagram, HEADER.length)).toEqual(FRAME);
  });

  test('seals what another library opens, which is what the voice server would have sealed', () => {
    expect(cipher.seal(HEADER, FRAME, 7)).toEqual(datagram);
  });

  test('opens nothing of which one bit was changed, wherever it stands', () => {
    for (let byte = 0; byte < datagram.length; byte++) {
      const forged = Buffer.from(datagram);
      forged[byte]! ^= 1;
      expect(cipher.open(forged, HEADER.length)).toBeUndefined();
    }
  });

  test('opens nothing with another key', () => {
    expect(transportCipher(mode, randomBytes(32))!.open(datagram, HEADER.length)).toBeUndefined();
  });
});

test('a mode that is not known has no cipher', () => {
  expect(transportCipher('xsalsa20_poly1305', KEY)).toBeUndefined();
});
