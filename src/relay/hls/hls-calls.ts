/** The addresses of HLS: `/p/ID/live.m3u8`, which is shared, and below `/p/ID/hls/` what it leads to (RFC 8216). */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ContractError } from '../../protocol/close-codes.ts';
import { readPodcastId } from '../../protocol/rest.ts';
import type { Channel } from '../channel.ts';
import type { ClientAddress } from '../client-address.ts';
import type { RestAccess } from '../rest-access.ts';
import { RestFault } from '../rest-fault.ts';
import { whileStaying } from '../staying.ts';
import { type ByteRange, readByteRange } from './byte-range.ts';
import type { AskedStream, HlsLane } from './hls-lane.ts';
import type { HlsStream } from './hls-stream.ts';
import { mediaPlaylist, multivariantPlaylist, segmentFile, withKey } from './playlist.ts';

const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';
const SEGMENT_TYPE = 'audio/mp4';
const SESSION = /^[\w-]{8,40}$/;
const SESSION_RULE = 'The session is 8 to 40 letters, digits, hyphens or underscores.';
/** After which one may try again: when there was no room, and when a playlist has nothing to name yet. */
const BUSY_SECONDS = 10;
const NOT_READY_SECONDS = 1;
/** As long is nobody told of what was taken back. */
const REDIRECTED_SECONDS = 60;

export interface HlsCallsOptions {
  readonly lane: HlsLane;
  readonly access: RestAccess;
  readonly clientAddress: ClientAddress;
  readonly isDraining: () => boolean;
}

/** Each at most once. */
const LinkQuery = Type.Object({ key: Type.Optional(Type.String()), session: Type.Optional(Type.String()) });
type Query = Type.Static<typeof LinkQuery>;
type LinkRequest = FastifyRequest<{ Params: { id: string }; Querystring: Query }>;
type FileRequest = FastifyRequest<{ Params: { id: string; run: string; file: string }; Querystring: Query }>;

/** What a link leads to: a podcast, or what is left of one that has just ended. */
type Linked = { readonly channel: Channel } | { readonly ended: HlsStream };

/** For a server that answers thrown RestFaults; HEAD is answered, too. */
export function addHlsCalls(server: FastifyInstance, options: HlsCallsOptions): void {
  const calls = new HlsCalls(options);
  const call = {
    schema: { querystring: LinkQuery },
    // A player asks every few seconds, and many may share an address.
    config: { rateLimit: false as const },
    ...whileStaying(options.isDraining),
  };
  server.get('/p/:id/live.m3u8', call, calls.multivariant);
  server.get('/p/:id/hls/audio.m3u8', call, calls.media);
  server.get('/p/:id/hls/:run/:file', call, calls.file);
}

/** Every method throws a RestFault for what may not be. */
class HlsCalls {
  readonly #options: HlsCallsOptions;

  constructor(options: HlsCallsOptions) {
    this.#options = options;
  }

  readonly multivariant = (request: LinkRequest, reply: FastifyReply): FastifyReply => {
    this.#linked(request);
    const session = randomBytes(12).toString('base64url');
    reply.header('cache-control', 'no-store').type(PLAYLIST_TYPE);
    return reply.send(multivariantPlaylist(session, request.query.key));
  };

  readonly media = async (request: LinkRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = await this.#asked(request, reply);
    reply.type(PLAYLIST_TYPE);
    if (!asked) return reply.send();
    const { channel, window } = asked.stream;
    const listing = window.listing(asked.told);
    const last = listing.segments.at(-1);
    if (last) reply.header('etag', `"${last.run.token}-${last.number}${listing.isOver ? '-over' : ''}"`);
    reply.header('cache-control', `${cachedBy(channel)}, max-age=1`);
    return isKnown(request, reply)
      ? notModified(reply)
      : reply.send(mediaPlaylist(listing, request.query.key));
  };

  readonly file = (request: FileRequest, reply: FastifyReply): FastifyReply => {
    const { run, file } = request.params;
    const linked = this.#linked(request);
    const stream = 'ended' in linked ? linked.ended : this.#options.lane.find(linked.channel.podcast.id);
    const found = stream && fileOf(stream, run, file);
    if (!found) throw new RestFault('unknown_path', 'There is no such segment, or not any more.');
    const cached = cachedBy(stream.channel);
    if ('elsewhere' in found) {
      reply.header('cache-control', `${cached}, max-age=${REDIRECTED_SECONDS}`);
      return reply.redirect(withKey(found.elsewhere, request.query.key));
    }
    const { bytes } = found;
    const tag = `"${run}-${file}"`;
    const range = rangeOf(request, tag, bytes.length);
    if (range === 'outside') {
      reply.header('content-range', `bytes */${bytes.length}`);
      throw new RestFault('range_not_satisfiable');
    }
    reply
      .headers({
        etag: tag,
        'cache-control': `${cached}, max-age=31536000, immutable`,
        'accept-ranges': 'bytes',
      })
      .type(SEGMENT_TYPE);
    return isKnown(request, reply) ? notModified(reply) : sendBytes(reply, bytes, range);
  };

  #linked(request: LinkRequest): Linked {
    const { lane, access } = this.#options;
    const { id } = request.params;
    try {
      return { channel: access.linkedChannel(request, id) };
    } catch (error) {
      // Whoever may know of it still hears its end.
      const ended = lane.find(readPodcastId(id) ?? 0);
      if (ended && error instanceof RestFault && error.code === 'podcast_ended') return { ended };
      throw error;
    }
  }

  /** Counts the player, and waits for the first segment. Who asks for headers alone is none, and may find nothing to be had. */
  async #asked(request: LinkRequest, reply: FastifyReply): Promise<AskedStream | undefined> {
    const { lane, clientAddress } = this.#options;
    const { session = '' } = request.query;
    const linked = this.#linked(request);
    if ('ended' in linked) {
      const stream = linked.ended;
      return { stream, told: lane.toldBefore(stream.channel.podcast.id, session) };
    }
    if (request.method === 'HEAD') {
      const stream = lane.find(linked.channel.podcast.id);
      return stream && { stream, told: undefined };
    }
    if (!SESSION.test(session)) throw new RestFault('invalid_request', SESSION_RULE);
    try {
      const asked = lane.ask(linked.channel, session, clientAddress(request.raw));
      if (await asked.stream.hasSegments()) {
        lane.answer(linked.channel, session);
        return asked;
      }
    } catch (error) {
      if (error instanceof ContractError) reply.header('retry-after', BUSY_SECONDS);
      throw error;
    }
    reply.header('retry-after', NOT_READY_SECONDS);
    throw new RestFault('not_ready', 'Nothing has been encoded yet; try again in a moment.');
  }
}

function notModified(reply: FastifyReply): FastifyReply {
  return reply.code(304).send();
}

/** What there is under a name, or the name of what took its place. */
type Found = { readonly bytes: Uint8Array } | { readonly elsewhere: string };

function fileOf({ window }: HlsStream, run: string, file: string): Found | undefined {
  const header = file === 'init.mp4' ? window.header(run) : undefined;
  if (header) return { bytes: header };
  const number = Number.parseInt(file, 10);
  const segment = window.segment(run, number);
  if (!segment) return undefined;
  const name = segmentFile(segment);
  if (file === name) return segment;
  return file === `${number}.m4s` ? { elsewhere: name } : undefined;
}

/** What only some may hear lies in no shared cache. */
function cachedBy({ podcast }: Channel): 'public' | 'private' {
  return podcast.about.visibility === 'private' ? 'private' : 'public';
}

/** Whether the caller has these very bytes (RFC 9110 §13.1.2). */
function isKnown({ headers }: FastifyRequest, reply: FastifyReply): boolean {
  const tag = reply.getHeader('etag');
  if (typeof tag !== 'string') return false;
  const known = headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known?.some((each) => each === tag || each === '*') ?? false;
}

/** What is asked for of a file; all of it where the caller has a part of other bytes (§13.1.5). */
function rangeOf({ headers }: FastifyRequest, tag: string, bytes: number): ByteRange | 'whole' | 'outside' {
  const condition = headers['if-range'];
  return readByteRange(condition === undefined || condition === tag ? headers.range : undefined, bytes);
}

function sendBytes(reply: FastifyReply, bytes: Uint8Array, range: ByteRange | 'whole'): FastifyReply {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (range === 'whole') return reply.send(whole);
  const { first, last } = range;
  reply.code(206).header('content-range', `bytes ${first}-${last}/${whole.length}`);
  return reply.send(whole.subarray(first, last + 1));
}
