/** The calls of HLS with all that they need, but with segments and a clock that a test moves by hand. */
import type { Visibility } from '../../src/protocol/rest.ts';
import type { Limits } from '../../src/protocol/limits.ts';
import type { Channel } from '../../src/relay/channel.ts';
import { addHlsCalls } from '../../src/relay/hls/hls-calls.ts';
import { HlsLane } from '../../src/relay/hls/hls-lane.ts';
import type { Hub } from '../../src/relay/hub.ts';
import { HandEncodings } from './hand-encodings.ts';
import { type ReadPlaylist, readPlaylist } from './hls-playlist.ts';
import { type LinkServer, makeLinkServer } from './link-server.ts';
import type { ManualClock } from './manual-clock.ts';

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
  readonly clock: ManualClock;
  readonly encodings = new HandEncodings();
  readonly hub: Hub;
  isDraining = false;
  readonly #server: LinkServer['server'];

  private constructor({ clock, hub, limits, server, access, clientAddress }: LinkServer) {
    this.clock = clock;
    this.hub = hub;
    this.#server = server;
    const lane = new HlsLane({ hub, encodings: this.encodings, limits, clock });
    addHlsCalls(server, { lane, access, clientAddress, isDraining: () => this.isDraining });
  }

  /** Closed when the test has finished. */
  static async start(limits: Partial<Limits> = {}): Promise<HlsServer> {
    return new HlsServer(await makeLinkServer(limits));
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
