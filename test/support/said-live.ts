/** Says speech on a host's connection in real time, as a network would bring it. */
import { setTimeout } from 'node:timers/promises';
import type { PodcastHost } from '../../src/client/podcast-host.ts';
import { type Speech, type SpeechNetworkFaults, speechNetwork } from './speech-network.ts';

export interface SaidLive {
  /** `performance.now()` at which the speech's time began. */
  readonly startMs: number;
  /** Resolves when all has been said, or `stop` was called. */
  readonly done: Promise<void>;
  stop(): void;
}

/** Begins at once. */
export function sayLive(
  host: PodcastHost,
  speakers: readonly Speech[],
  faults: SpeechNetworkFaults = {},
): SaidLive {
  const startMs = performance.now();
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (): Promise<void> => {
    for (const { atMs, ssrc, frame } of speechNetwork(speakers, faults)) {
      const leftMs = startMs + atMs - performance.now();
      // Timers may be early by a part of a millisecond; what is due is not waited for.
      if (leftMs > 0) await setTimeout(leftMs, undefined, { signal });
      if (signal.aborted) return;
      host.send({ ssrc, ...frame });
    }
  };
  return { startMs, done: run().catch(() => undefined), stop: () => stopping.abort() };
}
