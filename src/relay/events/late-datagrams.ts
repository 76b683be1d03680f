/** Tells which of a host's datagrams are from before a Retract, though they arrive after it. Pure: time comes in as `nowMs`. */
import { readRtpMetadata } from '../../protocol/nonce.ts';
import { nonceOf } from '../../protocol/packet.ts';

/** A datagram that was under way for longer than this is of no use to anybody. */
const LATE_MS = 1000;

export class LateDatagrams {
  /** Until when nothing of this SSRC is taken; the rate of Retracts bounds how many there are. */
  readonly #untilMs = new Map<number, number>();

  /** @param ssrc u32, which the host takes back */
  retracted(ssrc: number, nowMs: number): void {
    for (const [old, untilMs] of this.#untilMs) if (nowMs >= untilMs) this.#untilMs.delete(old);
    this.#untilMs.set(ssrc, nowMs + LATE_MS);
  }

  /** @param packet `1 ‖ nonce ‖ sealed`; one whose nonce carries no RTP is of nobody who could be retracted */
  has(packet: Uint8Array, nowMs: number): boolean {
    if (this.#untilMs.size === 0) return false;
    const ssrc = readRtpMetadata(nonceOf(packet))?.ssrc;
    return ssrc !== undefined && nowMs < (this.#untilMs.get(ssrc) ?? 0);
  }
}
