/** Says speech on a host's connection in real time, as a network would bring it. */
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
  let isStopped = false;
  const run = async (): Promise<void> => {
    for (const { atMs, ssrc, frame } of speechNetwork(speakers, faults)) {
      for (let leftMs = 1; leftMs > 0 && !isStopped; leftMs = startMs + atMs - performance.now()) {
        if (leftMs > 0)
          await new Promise((resolve) =>
            setTimeout(resolve, Math.max(0, startMs + atMs - performance.now())),
          );
      }
      if (isStopped) return;
      host.send({ ssrc, ...frame });
    }
  };
  return {
    startMs,
    done: run(),
    stop: () => {
      isStopped = true;
    },
  };
}
