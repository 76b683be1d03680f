/** A programme of hours in which one person never pauses, whose clock is wrong: no sound is made, and no time passes. */
import type { Channels } from '../../src/audio/frame.ts';
import type { OpusCodec } from '../../src/audio/opus-codec.ts';
import { Programme, type ProgrammeCounts } from '../../src/audio/programme.ts';
import { continuousSpeech, speechNetwork } from './speech-network.ts';

const QUARTER_MS = 900_000;

/** Makes nothing of anything, in no time; and knows what is still owned. */
class CheapCodec implements OpusCodec {
  owned = 0;
  readonly #pcm = new Float32Array(960).fill(0.05);

  takeDecoder(channels: Channels) {
    const pcm = () => this.#pcm.slice();
    return { channels, decode: pcm, recover: pcm, conceal: pcm, free: this.#owner() };
  }

  takeEncoder(channels: Channels) {
    return { channels, encode: () => new Uint8Array(100), setIndependent() {}, free: this.#owner() };
  }

  close() {}

  #owner(): () => void {
    this.owned += 1;
    return () => void (this.owned -= 1);
  }
}

export interface LongBroadcast {
  /** From sending to going out, of each quarter of an hour: the mean, ms. */
  readonly delaysMs: readonly number[];
  readonly counts: ProgrammeCounts;
  /** Decoders and encoders that were not given back: before the programme was closed, and after. */
  readonly owned: number;
  readonly ownedAfter: number;
}

/** @param driftPpm above 0 the speaker's clock is fast */
export function broadcastFor(hours: number, driftPpm: number): LongBroadcast {
  const codec = new CheapCodec();
  const programme = new Programme({ codec });
  const sentMs = new Map<Uint8Array, number>();
  const speech = { ssrc: 1, driftPpm, packets: continuousSpeech(hours * 3_600_000) };
  const quarters: { sum: number; count: number }[] = [];
  let dueMs = 7;
  const tick = (): void => {
    const sent = sentMs.get(programme.tick(dueMs));
    if (sent === undefined) return;
    const quarter = (quarters[Math.floor(dueMs / QUARTER_MS)] ??= { sum: 0, count: 0 });
    quarter.sum += dueMs - sent;
    quarter.count += 1;
    sentMs.clear();
  };
  for (const { atMs, sentMs: sent, ssrc, frame } of speechNetwork([speech], { jitterMs: 15 })) {
    for (; dueMs < atMs; dueMs += 20) tick();
    sentMs.set(frame.opus, sent);
    programme.receive({ ssrc, ...frame }, atMs);
  }
  const { owned } = codec;
  programme.close();
  const delaysMs = quarters.map(({ sum, count }) => sum / count);
  return { delaysMs, counts: programme.counts, owned, ownedAfter: codec.owned };
}
