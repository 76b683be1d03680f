/** A relay in true time, and somebody who talks on it without end: what players are pointed at. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { openMemoryAccounts } from '../../src/accounts/memory-accounts.ts';
import { LibopusCodec } from '../../src/audio/opus-codec.ts';
import { type PodcastHost, type PodcastHostOptions, hostPodcast } from '../../src/client/podcast-host.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import { type Relay, startRelay } from '../../src/relay/relay.ts';
import { speechOf } from './on-air.ts';
import { decoded } from './sounds.ts';

/** scrypt at its weakest: players do not log in. */
const CHEAP_SCRYPT = { cost: 2, blockSize: 1, parallelization: 1 } as const;
const FRAME_MS = 20;
/** Little enough that it is found fast in what a player makes of it. */
const SAID_FRAMES = 400;
const SSRC = 4711;

export interface SpeechOnAir {
  readonly relay: Relay;
  readonly host: PodcastHost;
  /** Eight seconds, said over and over: mono, 48 kHz. */
  readonly said: Float32Array;
  /** Of the podcast's links. */
  readonly page: string;
}

export interface SpeechOnAirOptions {
  readonly about?: PodcastHostOptions['description'];
  readonly limits?: Partial<Limits>;
}

/** All of it is over when the test has finished. */
export async function startSpeechOnAir({ about, limits }: SpeechOnAirOptions = {}): Promise<SpeechOnAir> {
  const accounts = openMemoryAccounts({ cost: CHEAP_SCRYPT });
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    senderTimeoutSeconds: 60,
    resumeSeconds: 30,
    limits: { ...DEFAULT_LIMITS, ...limits },
    accounts,
    log: pino({ level: 'silent' }),
  });
  onTestFinished(() => relay.close());
  const account = await accounts.add({ name: 'the host' });
  const host = await hostPodcast({ relay: relay.url, account, ...(about && { description: about }) });
  const { frames: speech } = await speechOf('allison');
  const frames = speech.slice(0, SAID_FRAMES);
  const codec = await LibopusCodec.load({ spares: 1 });
  const said = decoded(codec, frames, 1);
  codec.close();
  const startMs = performance.now();
  let count = 0;
  const timer = setInterval(() => {
    for (; count * FRAME_MS < performance.now() - startMs; count += 1) {
      const opus = frames[count % frames.length];
      if (opus) host.send({ opus, ssrc: SSRC, sequence: count & 0xffff, timestamp: (count * 960) >>> 0 });
    }
  }, FRAME_MS);
  onTestFinished(() => {
    clearInterval(timer);
    void host.close();
  });
  return { relay, host, said, page: `${relay.url}/p/${host.podcast.id}` };
}
