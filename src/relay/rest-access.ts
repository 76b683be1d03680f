/** Finds out for REST calls and links which podcast is meant, and whether the caller may do that with it (protocol.md §1, §2). */
import type { FastifyRequest } from 'fastify';
import { admits, type Podcast } from '../podcast/podcast.ts';
import { readPodcastId } from '../protocol/rest.ts';
import { type Authentication, type Authenticator, headerIn } from './authentication.ts';
import type { Channel } from './channel.ts';
import type { ClientAddress } from './client-address.ts';
import type { GuessLimit } from './guess-limit.ts';
import type { Hub } from './hub.ts';
import { RestFault } from './rest-fault.ts';

export interface RestAccessOptions {
  readonly hub: Hub;
  readonly authenticator: Authenticator;
  readonly clientAddress: ClientAddress;
  readonly guesses: GuessLimit;
}

export type PodcastRequest = FastifyRequest<{ Querystring: { id?: string; key?: string } }>;
/** What of a request a link is. */
export type LinkRequest = Pick<
  FastifyRequest<{ Querystring: { key?: string } }>,
  'raw' | 'headers' | 'query'
>;

/** Every method throws a RestFault for what may not be. */
export class RestAccess {
  readonly #options: RestAccessOptions;

  constructor(options: RestAccessOptions) {
    this.#options = options;
  }

  /** The caller's account. */
  async account(request: FastifyRequest): Promise<string> {
    const authentication = await this.#authenticate(request);
    if (authentication.result === 'missing') throw new RestFault('missing_auth');
    if (authentication.result === 'invalid') throw new RestFault('invalid_auth');
    return authentication.account;
  }

  /** A podcast that the caller may know of, and whether the caller is its host. */
  async visibleChannel(request: PodcastRequest): Promise<{ channel: Channel; isHost: boolean }> {
    const channel = this.#channel(request.query.id);
    const authentication = await this.#authenticate(request);
    // Without an account one is a listener; with a wrong secret one is told so.
    if (authentication.result === 'invalid') throw new RestFault('invalid_auth');
    const isHost = authentication.result === 'verified' && authentication.account === channel.podcast.host;
    const listenKey = request.query.key ?? headerIn(request.headers, 'listen_key');
    if (!isHost && !admits(channel.podcast, listenKey)) throw new RestFault('unknown_podcast');
    return { channel, isHost };
  }

  /**
   * The podcast of a link that people share, `/p/ID…?key=KEY`: no account is asked for, and whoever tries ids or keys is slowed
   * down. What a link answers counts against nothing else, because many listeners may share an address; and what others
   * there guess wrongly takes no podcast from who may hear it.
   */
  linkedChannel({ raw, headers, query }: LinkRequest, idText: string): Channel {
    const { hub, guesses, clientAddress } = this.#options;
    const address = clientAddress(raw);
    const id = readPodcastId(idText);
    const listenKey = query.key ?? headerIn(headers, 'listen_key');
    const channel = id === undefined ? undefined : hub.find(id);
    const podcast = channel?.podcast ?? (id === undefined ? undefined : hub.findEnded(id));
    if (podcast && admits(podcast, listenKey) && this.#mayLearnOf(podcast, address)) {
      if (channel) return channel;
      throw new RestFault('podcast_ended');
    }
    if (guesses.isOver(address)) throw new RestFault('rate_limited');
    guesses.add(address);
    throw new RestFault(id === undefined ? 'invalid_id' : 'unknown_podcast');
  }

  /**
   * A public podcast is in the list, and a listen key is beyond guessing; but ids are few enough to try, so an unlisted podcast
   * is found by no address that guesses too often, unless it has had this very podcast before.
   */
  #mayLearnOf({ id, about }: Pick<Podcast, 'id' | 'about'>, address: string): boolean {
    const { guesses } = this.#options;
    if (about.visibility !== 'unlisted') return true;
    if (guesses.isOver(address) && !guesses.knows(address, id)) return false;
    guesses.wasRight(address, id);
    return true;
  }

  /** A podcast of which the caller is the host; also one that has ended only because this relay stops. */
  async ownChannel(request: PodcastRequest): Promise<Channel> {
    const account = await this.account(request);
    const channel = this.#channel(request.query.id, (id) => this.#options.hub.findKept(id));
    const { podcast } = channel;
    if (podcast.host === account) return channel;
    throw new RestFault(podcast.about.visibility === 'private' ? 'unknown_podcast' : 'not_host');
  }

  #channel(
    idText: string | undefined,
    find = (id: number): Channel | undefined => this.#options.hub.find(id),
  ): Channel {
    if (idText === undefined || idText === '') throw new RestFault('missing_parameter');
    const id = readPodcastId(idText);
    if (id === undefined) throw new RestFault('invalid_id');
    const channel = find(id);
    if (!channel) throw new RestFault('unknown_podcast');
    return channel;
  }

  #authenticate({ raw, headers }: FastifyRequest): Promise<Authentication> {
    const { authenticator, clientAddress } = this.#options;
    return authenticator.authenticate(headers, clientAddress(raw));
  }
}
