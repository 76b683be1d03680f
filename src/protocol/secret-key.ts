/** The podcast's key as it stands in JSON: 32 numbers, each −128 … 127 (protocol.md §3, Hello). */

export const SECRET_KEY_BYTES = 32;

/** The key as signed bytes, the way the published clients of 2022 and 2023 read it. */
export function signedBytesOf(key: Uint8Array): number[] {
  return Array.from(new Int8Array(key.buffer, key.byteOffset, key.length));
}

/** The key again; undefined unless the value is 32 whole numbers that each fit a byte, signed or not. */
export function secretKeyFromSignedBytes(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value) || value.length !== SECRET_KEY_BYTES) return undefined;
  return value.every(isByte) ? Uint8Array.from(value) : undefined;
}

function isByte(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= -128 && value <= 255;
}
