/**
 * The control of `latency`: the least that a program in Node can do with a datagram for many listeners, who are plain
 * TCP sockets here: one write for each. Datagrams of one turn of the event loop go out in one write, as the relay's do.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, type Socket, createServer } from 'node:net';

const listeners = new Set<Socket>();
const server = createServer({ noDelay: true }, (socket) => {
  listeners.add(socket);
  socket.resume();
  socket.on('close', () => listeners.delete(socket));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', 4096);
await once(server, 'listening');

let waiting: Buffer[] = [];
const input = createSocket('udp4', (packet) => {
  if (waiting.length === 0) setImmediate(flush);
  waiting.push(packet);
});
input.bind(0, '127.0.0.1');
await once(input, 'listening');

function flush(): void {
  const bytes = Buffer.concat(waiting);
  waiting = [];
  for (const listener of listeners) listener.write(bytes);
}

process.send?.({ listenersPort: (server.address() as AddressInfo).port, packetsPort: input.address().port });
process.on('disconnect', () => process.exit());
