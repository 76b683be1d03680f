/** The calls by which players of radio find and hear a podcast: its streams, its playlists, and what Icecast's clients ask for. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Channel } from '../channel.ts';
import type { Hub } from '../hub.ts';
import { type PublicAddress, whereaboutsFor } from '../podcast-object.ts';
import type { PodcastRequest, RestAccess } from '../rest-access.ts';
import { whileStaying } from '../staying.ts';
import { icecastStatus } from './icecast-status.ts';
import { PLAYLISTS } from './playlists.ts';
import { RADIO_FORMATS } from './radio-format.ts';
import { stationTitle } from './station-facts.ts';
import { type StreamAnswerOptions, answerWithStream } from './stream-answer.ts';

export interface RadioCallsOptions extends PublicAddress, StreamAnswerOptions {
  readonly hub: Hub;
  readonly access: RestAccess;
  readonly isDraining: () => boolean;
}

interface LinkRoute {
  Params: { id: string };
  Querystring: PodcastRequest['query'];
}

/** For a server that answers thrown RestFaults. */
export function addRadioCalls(server: FastifyInstance, options: RadioCallsOptions): void {
  const { hub, access, stations } = options;
  const staying = whileStaying(options.isDraining);
  // Whoever guesses at links is slowed down where they are read; many listeners may share an address.
  const linked = { method: ['GET', 'HEAD'], config: { rateLimit: false as const }, ...staying };
  const pageOf = (request: FastifyRequest, { podcast }: Channel): string =>
    whereaboutsFor(options, request.socket).pageOf(podcast.id);

  for (const format of RADIO_FORMATS) {
    server.route<LinkRoute>({
      ...linked,
      url: `/p/:id/live.${format}`,
      handler(request, reply) {
        const channel = access.linkedChannel(request, request.params.id);
        const page = pageOf(request, channel);
        return answerWithStream(options, { request, reply, channel, format, page });
      },
    });
  }

  for (const [end, playlist] of Object.entries(PLAYLISTS)) {
    server.route<LinkRoute>({
      ...linked,
      url: `/p/:id/live.${end}`,
      handler(request, reply) {
        const channel = access.linkedChannel(request, request.params.id);
        const url = new URL(`${pageOf(request, channel)}/live.mp3`);
        const { listenKey } = channel.podcast;
        if (listenKey !== undefined) url.searchParams.set('key', listenKey);
        reply.type(playlist.contentType).header('cache-control', 'no-store');
        return reply.send(playlist.write({ title: stationTitle(channel.podcast), url: url.href }));
      },
    });
  }

  server.get('/status-json.xsl', staying, (request, reply) =>
    reply.header('cache-control', 'no-store').send(
      icecastStatus({
        channels: hub.listed(),
        listenersOf: (channel, format) => stations.listenersOf(channel, format),
        pageOf: (channel) => pageOf(request, channel),
      }),
    ),
  );
}
