/** Seals and opens Opus frames with the podcast's key: NaCl crypto_secretbox, XSalsa20-Poly1305 (protocol.md §3). */
import sodium from 'libsodium-wrappers';

// The library compiles its WebAssembly once; whoever imports this module can seal at once.
await sodium.ready;

/**
 * @param opus 1 … 1275 bytes
 * @param nonce 24 bytes, never twice under one key
 * @param key 32 bytes
 * @returns 16 bytes more than `opus`
 */
export function seal(opus: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array {
  return sodium.crypto_secretbox_easy(opus, nonce, key);
}

/** The Opus frame again; undefined when it was sealed with another key or nonce, or was changed on its way. */
export function open(sealed: Uint8Array, nonce: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  try {
    return sodium.crypto_secretbox_open_easy(sealed, nonce, key);
  } catch {
    return undefined;
  }
}
