/** Discord's identifiers: 64-bit numbers, written in decimal, that carry the time of their making. */

const discordEpochMs = 1_420_070_400_000;
const timeShift = 22n;
const incrementMask = (1n << timeShift) - 1n;

/** Makes snowflakes that never repeat within one maker, newest last. */
export class Snowflakes {
  #made = 0n;

  /** @param nowMs the wall clock; snowflakes tell the time, and clients read it from them */
  next(nowMs: number = Date.now()): string {
    this.#made += 1n;
    return String((BigInt(Math.floor(nowMs) - discordEpochMs) << timeShift) | (this.#made & incrementMask));
  }
}
