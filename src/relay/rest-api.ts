/** The REST calls of a relay (protocol.md §2). */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { CLOSE } from '../protocol/close-codes.ts';
import {
  DESCRIPTION_MAX_CHARACTERS,
  GUILD_MAX_CHARACTERS,
  TITLE_MAX_CHARACTERS,
} from '../protocol/limits.ts';
import { type PodcastObject, VISIBILITIES } from '../protocol/rest.ts';
import type { Channel } from './channel.ts';
import type { ClientAddress } from './client-address.ts';
import type { Hub } from './hub.ts';
import { type PublicAddress, podcastObject, whereaboutsFor } from './podcast-object.ts';
import type { RestAccess } from './rest-access.ts';
import { RestFault } from './rest-fault.ts';
import { assertStays, whileStaying } from './staying.ts';

export interface PodcastCallsOptions extends PublicAddress {
  readonly hub: Hub;
  readonly access: RestAccess;
  /** Whether the relay is shutting down: of podcasts it answers nothing any more, but a host may still end its own for good. */
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
  guild: Type.String({ maxLength: GUILD_MAX_CHARACTERS, default: '' }),
  visibility: Type.Enum([...VISIBILITIES], { default: 'public' }),
});
const LinkParams = Type.Object({ id: Type.String() });
const LinkQuery = Type.Object({ key: Type.Optional(Type.String()) });
const PodcastQuery = Type.Object({ id: Type.Optional(Type.String()), key: Type.Optional(Type.String()) });

/** The calls about podcasts, for a server that answers thrown RestFaults. */
export function addPodcastCalls(server: FastifyInstance, options: PodcastCallsOptions): void {
  const { hub, access } = options;
  const app = server.withTypeProvider<TypeBoxTypeProvider>();
  const forOne = { schema: { querystring: PodcastQuery } };
  const staying = whileStaying(options.isDraining);

  app.post('/podcast', { ...staying, schema: { body: AboutBody } }, async (request) => {
    const account = await access.account(request);
    assertStays(options.isDraining);
    return objectFor(request, hub.create(account, request.body), true);
  });

  app.get('/podcast', { ...staying, ...forOne }, async (request) => {
    const { channel, isHost } = await access.visibleChannel(request);
    return objectFor(request, channel, isHost);
  });

  // The page asks every few seconds, and many who read it may share an address.
  const linked = {
    schema: { params: LinkParams, querystring: LinkQuery },
    config: { rateLimit: false as const },
  };
  app.get('/p/:id/podcast.json', { ...staying, ...linked }, (request, reply) => {
    const channel = access.linkedChannel(request, request.params.id);
    return reply.header('cache-control', 'no-store').send(objectFor(request, channel, false));
  });

  app.delete('/podcast', forOne, async (request, reply) => {
    hub.end(await access.ownChannel(request), CLOSE.senderDisconnected, 'The host ended the podcast.');
    return reply.code(204).send();
  });

  app.post('/podcast/listen-key', { ...staying, ...forOne }, async (request) => {
    const channel = await access.ownChannel(request);
    assertStays(options.isDraining);
    if (channel.podcast.about.visibility !== 'private') throw new RestFault('not_private');
    hub.renewListenKey(channel);
    return objectFor(request, channel, true);
  });

  app.get('/list', staying, (request) => ({
    podcasts: hub.listed().map((channel) => objectFor(request, channel, false)),
  }));

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
