/** The machine's monotonic clock, ms: the same for every process, unlike performance.now(). */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Names a packet by what of it travels in clear: the RTP source and sequence. */
export function packetKey(ssrc: number, sequence: number): number {
  return ssrc * 2 ** 16 + sequence;
}
