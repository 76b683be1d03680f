/** A host that talks. */
import type { PodcastHost } from '../src/client/podcast-host.ts';
import { loadSpeech, speechFiles } from '../simulator/speech.ts';

/** In the pace of the clock, for as long as this process lives. */
export async function startTalking(host: PodcastHost): Promise<void> {
  const { frames } = await loadSpeech(speechFiles.allison);
  const startMs = performance.now();
  let said = 0;
  setInterval(() => {
    for (; said < (performance.now() - startMs) / 20; said += 1) {
      const opus = frames[said % frames.length];
      if (opus) host.send({ opus, sequence: said & 0xffff, timestamp: said * 960, ssrc: 7 });
    }
  }, 10);
}
