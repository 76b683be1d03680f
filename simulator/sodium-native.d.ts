// sodium-native ships no types; these are the two functions that the simulator calls.
declare module 'sodium-native' {
  const sodium: {
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      sealed: Buffer,
      message: Buffer,
      additionalData: Buffer | null,
      secretNonce: null,
      publicNonce: Buffer,
      key: Buffer,
    ): number;
    /** Throws when the tag does not fit. */
    crypto_aead_xchacha20poly1305_ietf_decrypt(
      message: Buffer,
      secretNonce: null,
      sealed: Buffer,
      additionalData: Buffer | null,
      publicNonce: Buffer,
      key: Buffer,
    ): number;
  };
  export = sodium;
}
