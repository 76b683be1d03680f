/** Finds out, before sealing, that a "frame of Opus" is still Discord's end-to-end encrypted one (DAVE). */

//  A DAVE frame of Opus, which is encrypted whole, ends:
//  … | tag, 8 bytes | nonce u32 as ULEB128, 1 … 5 bytes | size of this supplement u8 | 0xFA 0xFA
const MARKER_BYTE = 0xfa;
const TAG_BYTES = 8;
const TRAILER_BYTES = 3;
const NONCE_MIN_BYTES = 1;
const NONCE_MAX_BYTES = 5;

/**
 * True for a frame that ends as one that is still encrypted (DAVE protocol, Protocol Supplemental Data).
 * Of frames of Opus about one in ten million ends so by chance.
 */
export function looksEncrypted(frame: Uint8Array): boolean {
  const { length } = frame;
  if (frame[length - 1] !== MARKER_BYTE || frame[length - 2] !== MARKER_BYTE) return false;
  const supplementBytes = frame[length - TRAILER_BYTES] ?? 0;
  const nonceBytes = supplementBytes - TAG_BYTES - TRAILER_BYTES;
  if (nonceBytes < NONCE_MIN_BYTES || nonceBytes > NONCE_MAX_BYTES || supplementBytes >= length) return false;
  const nonce = frame.subarray(length - TRAILER_BYTES - nonceBytes, length - TRAILER_BYTES);
  // ULEB128: every byte but the last says that more follow.
  return nonce.every((byte, index) => byte >= 0x80 === index < nonceBytes - 1);
}
