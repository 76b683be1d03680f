/** Takes a connection away from Node's HTTP server, for an answer without an end whose bytes are the same for all listeners. */
import type { FastifyReply } from 'fastify';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { RestFault } from '../rest-fault.ts';

const taken = new WeakSet<Duplex>();

/** Whether an answer without an end goes out on a socket: whatever else the server would say there would be heard in it. */
export function isTaken(socket: Duplex): boolean {
  return taken.has(socket);
}

/**
 * The socket of an answer whose turn it is.
 * @throws RestFault where earlier answers on this connection have not gone out: they would be mixed up
 */
export function socketOf(reply: FastifyReply): Socket {
  const { socket } = reply.raw;
  // Where it is there and not writable, the client has gone: whatever is answered then reaches nobody.
  if (socket?.writable) return socket;
  throw new RestFault(
    'invalid_request',
    'A stream is asked for on a connection where no other answer waits.',
  );
}

/**
 * From now on the socket is the caller's. Whatever else the client sends is read and forgotten. A client that has ended its own
 * side goes on hearing; one that is gone is noticed by the reset that answers what is sent.
 */
export function takeOver(reply: FastifyReply, socket: Socket): void {
  reply.hijack();
  taken.add(socket);
  // Request and reply are of no more use, and thousands of them would be kept.
  reply.raw.detachSocket(socket);
  socket.setTimeout(0);
  // What the server would do: answer the next request between two pages, or end with the client's side.
  for (const event of ['data', 'end', 'drain', 'timeout', 'pause', 'resume'])
    socket.removeAllListeners(event);
  socket.on('data', () => undefined);
}

/** The head of an answer that lasts as long as its connection. @param headers each character of a value is one byte */
export function writeHead(socket: Socket, headers: Readonly<Record<string, string>>): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 200 OK\r\n${lines.join('')}Connection: close\r\n\r\n`, 'latin1');
}
