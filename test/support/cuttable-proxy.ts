/** A TCP proxy whose connections can be cut, so that a test decides when a network fails. */
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface CuttableProxy {
  readonly port: number;
  /** Breaks every connection, as a network does: without a word of WebSocket. */
  cut(): void;
  /** While refused, whoever connects is cut at once. */
  refuse(isRefused: boolean): void;
}

export async function proxyTo(targetPort: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let isRefused = false;
  const server = createServer((client) => {
    if (isRefused) return void client.destroy();
    const upstream = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    return undefined;
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    refuse(refused) {
      isRefused = refused;
    },
  };
}
