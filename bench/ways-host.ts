/** The host of `ways.ts`, on a thread of its own: nothing that listens there keeps it from saying its tones in time. */
import { parentPort, workerData } from 'node:worker_threads';
import { hostPodcast } from '../src/client/podcast-host.ts';
import { sharedNowMs } from '../src/relay/media-threads/worker-messages.ts';
import { type Mark, Marks } from './marks.ts';
import type { ServerReady } from './programmes-server.ts';

/** What it says at first, and then of each tone, whose time is by `sharedNowMs`. */
export type FromHost = { readonly podcastId: number } | Mark;

const { url, account } = workerData as ServerReady;
const host = await hostPodcast({ relay: url, account });
const marks = await Marks.make();
const say = (message: FromHost): void => parentPort?.postMessage(message, []);
say({ podcastId: host.podcast.id });
const startMs = sharedNowMs();
let said = 0;
setInterval(() => {
  for (; said * 20 < sharedNowMs() - startMs; said += 1) {
    const { opus, pitch } = marks.next();
    if (pitch !== undefined) say({ pitch, atMs: sharedNowMs() });
    host.send({ opus, ssrc: 7, sequence: said & 0xffff, timestamp: (said * 960) >>> 0 });
  }
}, 5);
