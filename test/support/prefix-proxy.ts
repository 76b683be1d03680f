/** A proxy as people put one before a relay: it offers it below a path of its own, and takes that off. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** @param prefix such as `/radio/` @returns the address below which the relay is, with a slash in the end; closed when the test has finished */
export async function proxyBelow(prefix: string, targetPort: number): Promise<string> {
  const server = createServer((incoming, answer) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(prefix)) {
      answer.writeHead(404).end();
      return;
    }
    const path = `/${url.slice(prefix.length)}`;
    const outgoing = request({ port: targetPort, path, method, headers }, (relayed) => {
      answer.writeHead(relayed.statusCode ?? 502, relayed.headers);
      relayed.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`;
}
