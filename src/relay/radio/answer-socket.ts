/** Takes a connection away from Node's HTTP server: an answer without an end, in bytes that are the same for all. */
import type { FastifyReply } from 'fastify';
import type { Socket } from 'node:net';
import { RestFault } from '../rest-fault.ts';

/**
 * The socket of an answer whose turn it is.
 * @throws RestFault where earlier answers on this connection have not gone out: they would be mixed up
 */
export function socketOf(reply: FastifyReply): Socket {
  const { socket } = reply.raw;
  // Of one that is gone nobody would be told any more that it is.
  if (socket && !socket.destroyed) return socket;
  throw new RestFault(
    'invalid_request',
    'A stream is asked for on a connection where no other answer waits.',
  );
}

/**
 * From now on the socket is the caller's. Whatever else the client sends is read and forgotten; one that has ended its own side
 * goes on hearing, so that one who is gone is noticed when bytes that were sent come back as a reset.
 */
export function takeOver(reply: FastifyReply, socket: Socket): void {
  reply.hijack();
  socket.setTimeout(0);
  // What the server's parser would do: answer the next request between two pages, or end with the client's side.
  socket.removeAllListeners('data').removeAllListeners('end');
  socket.on('data', () => undefined);
}

/** The head of an answer that lasts as long as its connection. @param headers each character of a value is one byte */
export function writeHead(socket: Socket, headers: Readonly<Record<string, string>>): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 200 OK\r\n${lines.join('')}Connection: close\r\n\r\n`, 'latin1');
}
