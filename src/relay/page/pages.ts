/** The pages for people, `/p/ID` and `/`, and what programs ask about a link to one. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { activeSinceMs, type Podcast } from '../../podcast/podcast.ts';
import { readPodcastId } from '../../protocol/rest.ts';
import type { PageTexts } from '../../texts/page-texts.ts';
import type { Clock } from '../clock.ts';
import type { Hub } from '../hub.ts';
import { type PublicAddress, whereaboutsFor } from '../podcast-object.ts';
import type { RestAccess } from '../rest-access.ts';
import { RestFault, type RestFaults } from '../rest-fault.ts';
import { whileStaying } from '../staying.ts';
import { document } from './document.ts';
import { faultMain, faultWords } from './fault-page.ts';
import { KeptPages, type WrittenPage, writtenPage } from './kept-pages.ts';
import { textsWanted } from './language.ts';
import { type Addresses, liveCard, oembedOf, podcastCard } from './link-card.ts';
import { liveMain } from './live-page.ts';
import { addPageAssets, type PageAssets, readPageAssets } from './page-assets.ts';
import { contentSecurityPolicy, type Discretion, markDiscretion } from './page-policy.ts';
import { readPodcastLink } from './podcast-link.ts';
import { endedMain, podcastMain, type ShownPodcast, titleOf } from './podcast-page.ts';

export interface PagesOptions extends PublicAddress {
  readonly hub: Pick<Hub, 'listed' | 'findEnded'>;
  readonly access: Pick<RestAccess, 'linkedChannel'>;
  readonly faults: Pick<RestFaults, 'answer' | 'note'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** What `web/build.ts` wrote, if not where it does. */
  readonly builtPage?: string | undefined;
  readonly isDraining: () => boolean;
  readonly log: Pick<Logger, 'warn'>;
}

type PageRequest = FastifyRequest<{ Params: { id?: string }; Querystring: { key?: string } }>;
type OembedRequest = FastifyRequest<{ Querystring: { url?: string; format?: string } }>;

/** Adds the routes; where the page is not built, each says so. */
export async function addPages(app: FastifyInstance, options: PagesOptions): Promise<void> {
  const assets = readPageAssets(options.builtPage);
  if (!assets)
    options.log.warn('the page is not built: nobody can listen in a browser until npm run prepare');
  const pages = new Pages(options, assets);
  if (assets) await addPageAssets(app, assets, pages.policyFor);
  await app.register(async (scope) => {
    scope.setErrorHandler(pages.answerFault);
    // Many listeners may share an address; whoever guesses is slowed down all the same.
    const route = { config: { rateLimit: false as const }, ...whileStaying(options.isDraining) };
    scope.get('/', route, pages.answerLive);
    scope.get('/p/:id', route, pages.answerPodcast);
    scope.get('/p/*', () => {
      throw new RestFault('unknown_path');
    });
    scope.get('/oembed', route, pages.answerOembed);
  });
}

/** What a page needs to know of who asks for it. */
interface Visit {
  readonly texts: PageTexts;
  /** From the page's address to where the relay's paths begin. */
  readonly base: string;
  readonly assets: PageAssets;
  readonly addresses: Addresses;
}

class Pages {
  readonly #options: PagesOptions;
  readonly #assets: PageAssets | undefined;
  readonly #kept: KeptPages;

  constructor(options: PagesOptions, assets: PageAssets | undefined) {
    this.#options = options;
    this.#assets = assets;
    this.#kept = new KeptPages(options.clock);
  }

  /** @param host as the request names it */
  readonly policyFor = (host: string | undefined): string =>
    contentSecurityPolicy([host, this.#options.publicUrl?.host]);

  readonly answerPodcast = async (request: PageRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { podcast, listeners } = this.#options.access.linkedChannel(request, request.params.id ?? '');
    const shown = shownPodcast(podcast, listeners);
    const visit = this.#visit(request, podcast.id);
    const nowMs = this.#options.clock.nowMs();
    const text = document({
      ...visit,
      title: titleOf(shown, visit.texts),
      meta: podcastCard(shown, visit),
      script: 'page.js',
      main: podcastMain({ ...visit, podcast: shown, nowMs }),
    });
    return this.#send(request, reply, discretionOf(podcast), writtenPage(text));
  };

  readonly answerLive = async (request: PageRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const visit = this.#visit(request);
    const kind = `${visit.texts.language} ${visit.base} ${visit.addresses.root}`;
    return this.#send(
      request,
      reply,
      'public',
      this.#kept.of(kind, () => this.#live(visit)),
    );
  };

  #live(visit: Visit): string {
    const podcasts = this.#options.hub
      .listed()
      .map(({ podcast, listeners }) => shownPodcast(podcast, listeners));
    return document({
      ...visit,
      title: visit.texts.live.heading,
      meta: liveCard(visit),
      script: 'live.js',
      main: liveMain(podcasts, visit.texts, this.#options.clock.nowMs()),
    });
  }

  /** oEmbed 1.0 §2.3: 404 for what there is not, 501 for a format that is not had. */
  readonly answerOembed = async (request: OembedRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { url, format = 'json' } = request.query;
    if (url === undefined) throw new RestFault('missing_parameter', 'The parameter url is missing.');
    if (format !== 'json') throw new RestFault('unknown_format');
    const visit = this.#visit(request);
    const link = readPodcastLink(url, visit.addresses.root, request.headers.host);
    if (!link) throw new RestFault('unknown_podcast');
    const { raw, headers } = request;
    const asked = { raw, headers, query: { ...(link.key !== undefined && { key: link.key }) } };
    const { podcast, listeners } = this.#options.access.linkedChannel(asked, link.idText);
    markDiscretion(reply, discretionOf(podcast));
    return reply
      .header('vary', 'Accept-Language')
      .type('application/json+oembed; charset=utf-8')
      .send(oembedOf(shownPodcast(podcast, listeners), visit));
  };

  /** In words for who reads HTML, as JSON for everyone else. */
  readonly answerFault = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    reply.header('vary', 'Accept, Accept-Language');
    markDiscretion(reply, 'secret');
    if (request.routeOptions.url === '/oembed' || !readsHtml(request.headers.accept)) {
      return this.#options.faults.answer(error, request, reply);
    }
    const { code, status } = this.#options.faults.note(error, request);
    const texts = textsWanted(request.headers['accept-language']);
    const base = baseOf(request);
    const words = faultWords(code, texts);
    const ended = code === 'podcast_ended' ? this.#ended(request) : undefined;
    if (status === 503) reply.header('retry-after', RETRY_SECONDS);
    const text = document({
      texts,
      base,
      assets: this.#assets,
      title: ended ? titleOf(ended, texts) : words.heading,
      main: ended ? endedMain(ended, texts, base) : faultMain(words, texts, base),
    });
    return this.#html(request, reply.code(status), text);
  };

  #ended(request: FastifyRequest): Pick<ShownPodcast, 'id' | 'title' | 'guild'> | undefined {
    const { id: idText } = request.params as PageRequest['params'];
    const id = readPodcastId(idText ?? '');
    const ended = id === undefined ? undefined : this.#options.hub.findEnded(id);
    return ended && { id: ended.id, title: ended.about.title, guild: ended.about.guild };
  }

  /** @param podcastId of whose page it is; undefined: that of what is live @throws RestFault where the page is not built */
  #visit(request: FastifyRequest, podcastId?: number): Visit {
    const assets = this.#assets;
    if (!assets) throw new RestFault('not_ready', 'The page is not built: run "npm run prepare".');
    const where = whereaboutsFor(this.#options, request.socket);
    const page = podcastId === undefined ? where.root : where.pageOf(podcastId);
    const texts = textsWanted(request.headers['accept-language']);
    return { texts, base: baseOf(request), assets, addresses: { root: where.root, page } };
  }

  #send(
    request: FastifyRequest,
    reply: FastifyReply,
    discretion: Discretion,
    { text, etag }: WrittenPage,
  ): FastifyReply {
    markDiscretion(reply, discretion);
    reply.headers({ vary: 'Accept-Language', etag });
    return this.#html(request, reply, request.headers['if-none-match'] === etag ? undefined : text);
  }

  /** @param text undefined: the reader has it */
  #html(request: FastifyRequest, reply: FastifyReply, text: string | undefined): FastifyReply {
    reply.header('content-security-policy', this.policyFor(request.headers.host));
    // Without TLS browsers ignore them, and complain of that.
    if (this.#options.publicUrl?.protocol !== 'https:') {
      reply.removeHeader('cross-origin-opener-policy').removeHeader('origin-agent-cluster');
    }
    if (text === undefined) return reply.code(304).send();
    return reply.type('text/html; charset=utf-8').send(text);
  }
}

const RETRY_SECONDS = 5;

function shownPodcast({ id, about, state, listenKey }: Podcast, listeners: number): ShownPodcast {
  const { title, guild, description } = about;
  const sinceMs = activeSinceMs(state);
  return { id, title, guild, description, state: state.name, sinceMs, listeners, listenKey };
}

function discretionOf({ about, listenKey }: Podcast): Discretion {
  if (listenKey !== undefined) return 'secret';
  return about.visibility === 'public' ? 'public' : 'unlisted';
}

/** A relative path up to where the relay's paths begin, which a proxy may have put below a path of its own. */
function baseOf({ url }: FastifyRequest): string {
  const [path = '/'] = url.split('?');
  return '../'.repeat(path.split('/').length - 2) || './';
}

function readsHtml(accept = ''): boolean {
  return /\btext\/html\b|\bapplication\/xhtml\+xml\b/i.test(accept);
}
