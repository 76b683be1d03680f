/** Opens the relay's two ports, and says which setting to change when one cannot be had. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type DatagramSocket, openDatagramSocket } from './udp/datagram-sender.ts';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** HTTP and WebSocket. @throws Error that names the setting; the server is closed then */
export async function openTcpPort(server: FastifyInstance, place: Place): Promise<void> {
  try {
    await server.listen(place);
  } catch (error) {
    await server.close();
    throw portFault(error, place, 'PORT');
  }
}

/** Audio. @throws Error that names the setting */
export async function openUdpPort(place: Place, log: Pick<Logger, 'info' | 'warn'>): Promise<DatagramSocket> {
  try {
    return await openDatagramSocket({ ...place, log });
  } catch (error) {
    throw portFault(error, place, 'UDP_PORT');
  }
}

function portFault(cause: unknown, { host, port }: Place, setting: 'PORT' | 'UDP_PORT'): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  const place = `${setting === 'PORT' ? 'Port' : 'UDP port'} ${port} of ${host}`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `${place} is in use by another program: set ${setting} to a free one.`,
    EACCES: `${place} needs more rights than this program has: set ${setting} above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine: set HOST to one, or to 0.0.0.0.`,
  };
  const otherwise = `${place} cannot be listened on, as ${setting} and HOST say: ${message}`;
  return new Error(sentences[code ?? ''] ?? otherwise, { cause });
}

/** What the server came to listen on, and the URL for clients on this machine. */
export function boundTo(server: FastifyInstance): { port: number; url: string } {
  const { port, address, family } = server.server.address() as AddressInfo;
  const isAny = address === '0.0.0.0' || address === '::';
  const host = isAny ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return { port, url: `http://${host}:${port}` };
}
