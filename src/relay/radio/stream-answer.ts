/** Answers a request for a stream: with its headers alone, to one who only looks what it is, or to a listener with a seat. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import type { Channel } from '../channel.ts';
import type { ClientAddress } from '../client-address.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { PendingListeners } from '../pending-listeners.ts';
import { socketOf, takeOver, writeHead } from './answer-socket.ts';
import type { RadioFormat } from './radio-format.ts';
import { streamHeaders } from './station-facts.ts';
import type { Tuning } from './station.ts';
import type { Stations } from './stations.ts';

/** Who asked for a piece, and is still there, listens. */
const PROBE_MS = 5000;
/** When the relay has no seat it may have one soon. */
const RETRY_AFTER_SECONDS = 30;

export interface StreamAnswerOptions {
  readonly hub: Pick<Hub, 'admitListener'>;
  /** Who may only look. */
  readonly pending: PendingListeners;
  readonly stations: Stations;
  readonly clientAddress: ClientAddress;
  readonly clock: Pick<Clock, 'after'>;
  readonly counters: Pick<Counters, 'add'>;
}

export interface StreamRequest {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly channel: Channel;
  readonly format: RadioFormat;
  /** Where people listen, without a key. */
  readonly page: string;
}

/** @throws RestFault, or ContractError (4009) when there is no seat, or no more can be encoded */
export function answerWithStream(options: StreamAnswerOptions, asked: StreamRequest): FastifyReply {
  const { request, reply, channel, format, page } = asked;
  const wantsMetadata = format === 'mp3' && request.headers['icy-metadata'] === '1';
  const headers = streamHeaders(channel.podcast, format, { page, wantsMetadata });
  if (request.method === 'HEAD') return reply.headers(headers).send();
  const socket = socketOf(reply);
  const greet = (): void => {
    takeOver(reply, socket);
    writeHead(socket, headers);
  };
  try {
    listen(options, asked, { socket, greet, wantsMetadata });
  } catch (error) {
    if (error instanceof ContractError && error.close === CLOSE.capacity) {
      reply.header('retry-after', RETRY_AFTER_SECONDS);
    }
    throw error;
  }
  return reply;
}

interface Listening {
  readonly socket: Socket;
  readonly greet: () => void;
  readonly wantsMetadata: boolean;
}

/** @throws ContractError (4009) */
function listen(
  options: StreamAnswerOptions,
  { request, channel, format }: StreamRequest,
  how: Listening,
): void {
  const { hub, pending, stations, clientAddress, clock, counters } = options;
  const { socket } = how;
  const address = clientAddress(request.raw);
  const takeSeat = (): (() => void) => {
    const seat = hub.admitListener(channel, address, 'radio');
    return () => seat.leave();
  };
  const looks = isProbe(request);
  let release = looks ? pending.add(address) : takeSeat();
  let tuning: Tuning;
  try {
    tuning = stations.tuneIn(channel, format, { ...how, address });
  } catch (error) {
    release();
    throw error;
  }
  socket.once('close', () => {
    tuning.leave();
    release();
  });
  if (!looks) return tuning.count();
  counters.add('radio-probes');
  clock.after(PROBE_MS, () => {
    if (socket.destroyed) return;
    release();
    release = () => undefined;
    try {
      release = takeSeat();
      tuning.count();
    } catch {
      // There is no seat: the stream is begun, so no answer can say so any more.
      socket.destroy();
    }
  });
}

/** A range with an end: iOS asks for the first two bytes, to see what it is. Without an end it is the whole, as browsers ask. */
function isProbe({ headers }: FastifyRequest): boolean {
  return /^bytes=\d+-\d+$/.test(headers.range ?? '');
}
