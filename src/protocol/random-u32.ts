/** Numbers that nobody can foresee: SSRCs, serial numbers, epochs of nonces. */

/** u32, from the system's own generator. */
export function randomU32(): number {
  const [value = 0] = crypto.getRandomValues(new Uint32Array(1));
  return value;
}
