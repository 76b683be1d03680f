/** A relay in real time with a podcast in which somebody talks: what real players are pointed at. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { frameMs } from '../../simulator/speech.ts';
import { openMemoryAccounts } from '../../src/accounts/memory-accounts.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { type PodcastHost, hostPodcast } from '../../src/client/podcast-host.ts';
import type { PodcastDescription } from '../../src/client/rest-client.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/limits.ts';
import type { PodcastObject } from '../../src/protocol/rest.ts';
import { type Relay, type RelayOptions, startRelay } from '../../src/relay/relay.ts';
import { playlistBehind } from './hls-playlist.ts';
import { speechOf } from './on-air.ts';
import { decoded } from './sounds.ts';

/** 12 s: who looks for a piece of sound in it does not look long. */
const SPEECH_FRAMES = 600;

/** Of the one who talks. */
export const TALKER_SSRC = 4711;

export interface TalkingRelay {
  readonly relay: Relay;
  readonly host: PodcastHost;
  /** All that is said, again and again; mono, 48 kHz. */
  readonly said: Float32Array;
  /** Says something else from now on, as the same speaker. @param frames of 20 ms, again and again */
  readonly say: (frames: readonly Uint8Array[]) => void;
  /** The link to the podcast. */
  readonly page: string;
  /** The podcast as REST has it now. */
  readonly look: () => Promise<PodcastObject>;
}

interface Wanted extends PodcastDescription {
  readonly options?: Partial<RelayOptions>;
}

/** Closed when the test has finished. */
export async function startTalkingRelay({ options, ...description }: Wanted = {}): Promise<TalkingRelay> {
  const accounts = openMemoryAccounts({ cost: { cost: 2, blockSize: 1, parallelization: 1 } });
  const account = await accounts.add({ name: 'the host' });
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    trustProxy: '127.0.0.1',
    senderTimeoutSeconds: 10,
    resumeSeconds: 5,
    limits: { ...DEFAULT_LIMITS, REST_REQUESTS_PER_MINUTE: 100_000 },
    accounts,
    log: pino({ level: 'silent' }),
    ...options,
  });
  onTestFinished(() => relay.close());
  const host = await hostPodcast({ relay: relay.url, account, description });
  onTestFinished(() => host.close());
  const frames = (await speechOf('carlo')).frames.slice(0, SPEECH_FRAMES);
  const codec = await LibopusCodec.load({ spares: 1 });
  const said = decoded(codec, frames, 1);
  codec.close();
  const say = talk(host, frames);
  return {
    say,
    relay,
    host,
    said,
    page: `${relay.url}/p/${host.podcast.id}`,
    async look() {
      const { id } = host.podcast;
      const answer = await fetch(`${relay.url}/podcast?id=${id}`, {
        headers: { client_id: account.id, client_secret: account.secret },
      });
      return (await answer.json()) as PodcastObject;
    },
  };
}

/** Resolves when a playlist can be had: on a busy machine the threads that make it take their time to start. @param link of the podcast */
export async function hasPlaylist(link: string): Promise<void> {
  const playlist = await playlistBehind(link);
  while ((await fetch(playlist)).status === 503) await new Promise(setImmediate);
}

/** In the pace of the clock, however late a turn comes. @returns what has something else said */
function talk(host: PodcastHost, first: readonly Uint8Array[]): (frames: readonly Uint8Array[]) => void {
  const startMs = performance.now();
  let [frames, said] = [first, 0];
  const talking = setInterval(() => {
    for (; said * frameMs <= performance.now() - startMs; said += 1) {
      const opus = frames[said % frames.length];
      if (opus) host.send({ opus, ssrc: TALKER_SSRC, sequence: said % 2 ** 16, timestamp: said * 960 });
    }
  }, frameMs);
  onTestFinished(() => clearInterval(talking));
  return (others) => void (frames = others);
}
