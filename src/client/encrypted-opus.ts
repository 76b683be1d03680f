/** Finds out, before sealing, that a "frame of Opus" is still Discord's end-to-end encrypted one (DAVE). */

// A DAVE frame ends: … | tag (8 bytes) | nonce (ULEB128) | ranges | size of this supplement u8 | 0xFA 0xFA
const MARKER_BYTE = 0xfa;
const SUPPLEMENT_MIN_BYTES = 8 + 1 + 1 + 2;

/** True for a frame that carries DAVE's marker and a size before it that makes sense (DAVE protocol, Protocol Supplemental Data). */
export function looksEncrypted(frame: Uint8Array): boolean {
  const { length } = frame;
  if (length <= SUPPLEMENT_MIN_BYTES) return false;
  if (frame[length - 1] !== MARKER_BYTE || frame[length - 2] !== MARKER_BYTE) return false;
  const supplementBytes = frame[length - 3] ?? 0;
  return supplementBytes >= SUPPLEMENT_MIN_BYTES && supplementBytes < length;
}
