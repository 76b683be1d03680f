/** Reads which bytes of a file are wanted (RFC 9110 §14). */

/** Both inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * @param header Range, as it came
 * @param bytes of the whole, at least one
 * @returns `whole` also for what is no single range of bytes, which one may pass over; `outside` when the file has none of it
 */
export function readByteRange(header: string | undefined, bytes: number): ByteRange | 'whole' | 'outside' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '')
    return Number(to) === 0 ? 'outside' : { first: Math.max(0, bytes - Number(to)), last: bytes - 1 };
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (first >= bytes) return 'outside';
  return first > last ? 'whole' : { first, last };
}
