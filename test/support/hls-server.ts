/** The calls of HLS with all that they need, but with segments and a clock that a test moves by hand. */
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Visibility } from '../../src/protocol/rest.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/protocol/limits.ts';
import { openMemoryAccounts } from '../../src/accounts/memory-accounts.ts';
import { Authenticator } from '../../src/relay/authentication.ts';
import type { Channel } from '../../src/relay/channel.ts';
import { clientAddressBehind } from '../../src/relay/client-address.ts';
import { Counters } from '../../src/relay/counters.ts';
import { GuessLimit } from '../../src/relay/guess-limit.ts';
import { addHlsCalls } from '../../src/relay/hls/hls-calls.ts';
import { HlsLane } from '../../src/relay/hls/hls-lane.ts';
import { Hub } from '../../src/relay/hub.ts';
import { LoginDelay } from '../../src/relay/login-delay.ts';
import { RestAccess } from '../../src/relay/rest-access.ts';
import { RestFaults } from '../../src/relay/rest-fault.ts';
import { makeRestServer } from '../../src/relay/rest-server.ts';
import { HandEncodings } from './hand-encodings.ts';
import { type ReadPlaylist, readPlaylist } from './hls-playlist.ts';
import { ManualClock } from './manual-clock.ts';

interface Asked {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export class HlsServer {
  readonly clock = new ManualClock();
  readonly encodings = new HandEncodings();
  readonly hub: Hub;
  readonly lane: HlsLane;
  isDraining = false;
  readonly #server: Awaited<ReturnType<typeof makeRestServer>>;

  private constructor(
    limits: Limits,
    server: Awaited<ReturnType<typeof makeRestServer>>,
    counters: Counters,
  ) {
    this.#server = server;
    const { clock, encodings } = this;
    const log = pino({ level: 'silent' });
    this.hub = new Hub({ limits, senderTimeoutSeconds: 10, resumeSeconds: 5, clock, counters, log });
    this.lane = new HlsLane({ hub: this.hub, encodings, limits, clock });
    const authenticator = new Authenticator(openMemoryAccounts(), new LoginDelay(5, clock));
    const clientAddress = clientAddressBehind(true);
    const guesses = new GuessLimit(limits.REST_REQUESTS_PER_MINUTE, clock);
    const access = new RestAccess({ hub: this.hub, authenticator, clientAddress, guesses });
    addHlsCalls(server, { lane: this.lane, access, clientAddress, isDraining: () => this.isDraining });
  }

  /** Closed when the test has finished. */
  static async start(limits: Partial<Limits> = {}): Promise<HlsServer> {
    const counters = new Counters();
    const faults = new RestFaults(counters, pino({ level: 'silent' }));
    const all = { ...DEFAULT_LIMITS, ...limits };
    const accounts = openMemoryAccounts();
    const server = await makeRestServer({
      limits: all,
      faults,
      clientAddress: clientAddressBehind(true),
      accounts,
    });
    onTestFinished(() => server.close());
    return new HlsServer(all, server, counters);
  }

  podcast(visibility: Visibility = 'public'): Channel {
    return this.hub.create('1', { title: '', description: '', guild: '', visibility });
  }

  /** @param path absolute, query included */
  async ask(path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Answer> {
    const answer = await this.#server.inject({ method, url: path, headers });
    return { status: answer.statusCode, headers: answer.headers, body: answer.rawPayload };
  }

  /** A player that has read the playlist with the link. @returns where its own playlist is */
  async join({ podcast }: Channel, query = ''): Promise<string> {
    const { body } = await this.ask(`/p/${podcast.id}/live.m3u8${query}`);
    const uri = String(body)
      .split('\n')
      .find((line) => line !== '' && !line.startsWith('#'));
    return `/p/${podcast.id}/${uri}`;
  }

  /** @param playlist as `join` gave it */
  async read(playlist: string): Promise<ReadPlaylist> {
    const { status, body } = await this.ask(playlist);
    if (status !== 200) throw new Error(`${status}: ${String(body)}`);
    return readPlaylist(String(body));
  }

  /** Asks, and gives the first segment when the question waits for it. */
  async readFirst(playlist: string): Promise<ReadPlaylist> {
    const reading = this.read(playlist);
    while (this.encodings.sinks.size === 0) await new Promise(setImmediate);
    this.encodings.give();
    return reading;
  }
}

/** Where something is that a playlist names. @param playlist as `join` gave it */
export function beside(playlist: string, uri: string): string {
  return new URL(uri, `http://relay${playlist}`).href.slice('http://relay'.length);
}

/** A player that has read its playlist, which names one segment. */
export async function withFirstSegment(limits: Partial<Limits> = {}) {
  const server = await HlsServer.start(limits);
  const channel = server.podcast();
  const playlist = await server.join(channel);
  const { segments } = await server.readFirst(playlist);
  const [segment] = segments;
  if (!segment) throw new Error('no segment');
  return {
    server,
    channel,
    playlist,
    segment: beside(playlist, segment.uri),
    init: beside(playlist, segment.map),
  };
}
