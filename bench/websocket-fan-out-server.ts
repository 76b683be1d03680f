/** One contender of websocket-fan-out in a process of its own: `relay` is ours, `ws` sends with the library's own send. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { openMemoryAccounts } from '../src/accounts/memory-accounts.ts';
import { DEFAULT_LIMITS } from '../src/protocol/limits.ts';
import type { Clock } from '../src/relay/clock.ts';
import { startRelay } from '../src/relay/relay.ts';

/** No sweeps and no pings: the receivers of the bench answer none. */
const stillClock: Clock = {
  nowMs: Date.now,
  wallMs: Date.now,
  every: () => () => undefined,
  after: () => undefined,
};

/** One process plays all the listeners, and the host sends as fast as they take it. */
const LIMITS = {
  ...DEFAULT_LIMITS,
  LISTENERS_PER_PODCAST: 20_000,
  LISTENERS_PER_ADDRESS: 20_000,
  HOST_MESSAGES_PER_SECOND: 1_000_000,
};

interface Ready {
  readonly port: number;
  readonly path: string;
  readonly hostHeaders: Record<string, string>;
}

async function startOurs(): Promise<Ready> {
  const accounts = openMemoryAccounts();
  const { id, secret } = await accounts.add({});
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    trustProxy: false,
    senderTimeoutSeconds: 60,
    resumeSeconds: 30,
    limits: LIMITS,
    accounts,
    log: pino({ level: 'silent' }),
    clock: stillClock,
  });
  const headers = { client_id: id, client_secret: secret };
  const answer = await fetch(`${relay.url}/podcast`, { method: 'POST', headers });
  const podcast = (await answer.json()) as { id: number };
  // Whoever started this with a channel may ask for the counters.
  process.on('message', () => process.send?.(relay.counters.snapshot()));
  return { port: relay.port, path: `/?id=${podcast.id}`, hostHeaders: { ...headers, isSender: 'true' } };
}

function startLibrary(): Promise<Ready> {
  const listeners: WebSocket[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, { headers }) => {
    if (headers['issender'] !== 'true') return listeners.push(socket);
    return socket.on('message', (message: Buffer) => {
      for (const listener of listeners) listener.send(message);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({ port, path: '/', hostHeaders: { isSender: 'true' } });
    });
  });
}

const ready = await (process.argv[2] === 'relay' ? startOurs() : startLibrary());
process.stdout.write(`${JSON.stringify(ready)}\n`);
