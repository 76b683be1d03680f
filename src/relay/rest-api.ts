/** The REST calls of a relay (protocol.md §2). */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { CLOSE } from '../protocol/close-codes.ts';
import { admits } from '../podcast/podcast.ts';
import { DESCRIPTION_MAX_CHARACTERS, TITLE_MAX_CHARACTERS } from '../protocol/limits.ts';
import { type PodcastObject, readPodcastId, VISIBILITIES } from '../protocol/rest.ts';
import { type AccountVerifier, authenticate, headerIn } from './authentication.ts';
import type { Channel } from './channel.ts';
import type { ClientAddress } from './client-address.ts';
import type { Hub } from './hub.ts';
import { type PublicAddress, podcastObject, whereaboutsFor } from './podcast-object.ts';
import { RestFault } from './rest-fault.ts';

export interface PodcastCallsOptions extends PublicAddress {
  readonly hub: Hub;
  readonly accounts: AccountVerifier;
  /** Whether the relay is shutting down: no podcast begins any more. */
  readonly isDraining: () => boolean;
}

export interface ServiceOptions {
  readonly clientAddress: ClientAddress;
  /** Whether the relay can serve; false makes /ready fail. */
  readonly isReady: () => boolean;
  readonly isDraining: () => boolean;
}

const AboutBody = Type.Object({
  title: Type.String({ maxLength: TITLE_MAX_CHARACTERS, default: '' }),
  description: Type.String({ maxLength: DESCRIPTION_MAX_CHARACTERS, default: '' }),
  visibility: Type.Enum([...VISIBILITIES], { default: 'public' }),
});
const PodcastQuery = Type.Object({ id: Type.Optional(Type.String()), key: Type.Optional(Type.String()) });

/** The calls about podcasts, for a server that answers thrown RestFaults. */
export function addPodcastCalls(server: FastifyInstance, options: PodcastCallsOptions): void {
  const { hub, accounts } = options;
  const app = server.withTypeProvider<TypeBoxTypeProvider>();

  app.route({
    method: 'POST',
    url: '/podcast',
    schema: { body: AboutBody },
    async handler(request) {
      const account = await accountOf(accounts, request);
      if (options.isDraining()) throw new RestFault('going_away');
      return objectFor(request, hub.create(account, request.body), true);
    },
  });

  app.route({
    method: 'GET',
    url: '/podcast',
    schema: { querystring: PodcastQuery },
    async handler(request) {
      const channel = channelOf(hub, request.query.id);
      const isHost = await isHostOf(channel, accounts, request);
      const listenKey = request.query.key ?? headerIn(request.headers, 'listen_key');
      if (!isHost && !admits(channel.podcast, listenKey)) throw new RestFault('unknown_podcast');
      return objectFor(request, channel, isHost);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/podcast',
    schema: { querystring: PodcastQuery },
    async handler(request, reply) {
      const channel = await ownChannelOf(request);
      hub.end(channel, CLOSE.senderDisconnected, 'The host ended the podcast.');
      return reply.code(204).send();
    },
  });

  app.route({
    method: 'POST',
    url: '/podcast/listen-key',
    schema: { querystring: PodcastQuery },
    async handler(request) {
      const channel = await ownChannelOf(request);
      if (channel.podcast.about.visibility !== 'private') throw new RestFault('not_private');
      hub.renewListenKey(channel);
      return objectFor(request, channel, true);
    },
  });

  app.get('/list', (request) => ({
    podcasts: hub.listed().map((channel) => objectFor(request, channel, false)),
  }));

  /** For what only its host may do with a podcast. */
  async function ownChannelOf(request: FastifyRequest<{ Querystring: { id?: string } }>): Promise<Channel> {
    const account = await accountOf(accounts, request);
    const channel = channelOf(hub, request.query.id);
    const { podcast } = channel;
    if (podcast.host === account) return channel;
    throw new RestFault(podcast.about.visibility === 'private' ? 'unknown_podcast' : 'not_host');
  }

  function objectFor(request: FastifyRequest, channel: Channel, forHost: boolean): PodcastObject {
    return podcastObject(channel, whereaboutsFor(options, request.socket), forHost);
  }
}

/** The calls about the relay itself. */
export function addServiceCalls(app: FastifyInstance, options: ServiceOptions): void {
  app.get('/ip', (request, reply) => reply.type('text/plain').send(options.clientAddress(request.raw)));

  // Whoever watches over the relay asks often, and from one address.
  const unlimited = { config: { rateLimit: false } };
  app.get('/live', unlimited, () => ({ status: 'live' }));
  app.get('/ready', unlimited, () => {
    if (options.isDraining()) throw new RestFault('going_away');
    if (!options.isReady()) throw new RestFault('not_ready');
    return { status: 'ready' };
  });
}

function channelOf(hub: Hub, idText: string | undefined): Channel {
  if (idText === undefined || idText === '') throw new RestFault('missing_parameter');
  const id = readPodcastId(idText);
  if (id === undefined) throw new RestFault('invalid_id');
  const channel = hub.find(id);
  if (!channel) throw new RestFault('unknown_podcast');
  return channel;
}

async function accountOf(accounts: AccountVerifier, { headers }: FastifyRequest): Promise<string> {
  const authentication = await authenticate(accounts, headers);
  if (authentication.result === 'missing') throw new RestFault('missing_auth');
  if (authentication.result === 'invalid') throw new RestFault('invalid_auth');
  return authentication.account;
}

/** Without an account one is a listener; with a wrong secret one is told so. */
async function isHostOf(
  channel: Channel,
  accounts: AccountVerifier,
  { headers }: FastifyRequest,
): Promise<boolean> {
  const authentication = await authenticate(accounts, headers);
  if (authentication.result === 'invalid') throw new RestFault('invalid_auth');
  return authentication.result === 'verified' && authentication.account === channel.podcast.host;
}
