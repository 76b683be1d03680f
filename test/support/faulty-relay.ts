/** A relay with one planted fault: it stands before a real one and passes everything on, but for what the fault changes. */
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { UdpDetour, type UdpFault } from './udp-detour.ts';

export interface RestRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RestAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface Upgrade {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Message {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** A client's WebSocket and the one to the real relay behind it. */
export interface Link {
  readonly podcastId: string;
  readonly isHost: boolean;
  /** As the client asked for it. */
  readonly asked: Upgrade;
  readonly client: WebSocket;
  readonly upstream: WebSocket;
}

type Close = readonly [code: number, reason: string];

/** What a fault changes; what it leaves out is passed on as it is. `undefined` swallows. */
export interface Fault {
  readonly compresses?: true;
  /** Without it UDP goes past this relay, to the real one. */
  readonly udp?: UdpFault;
  request?(request: RestRequest): RestRequest;
  answer?(answer: RestAnswer, request: RestRequest): RestAnswer;
  /** A number refuses the upgrade with that status. */
  upgrade?(upgrade: Upgrade, links: ReadonlySet<Link>): Upgrade | number | Promise<Upgrade>;
  opened?(link: Link, links: ReadonlySet<Link>): void;
  fromClient?(message: Message, link: Link, links: ReadonlySet<Link>): Message | undefined;
  fromRelay?(message: Message, link: Link, links: ReadonlySet<Link>): readonly Message[];
  closeFromClient?(code: number, link: Link, links: ReadonlySet<Link>): number;
  closeFromRelay?(close: Close, link: Link): Close | undefined;
}

const NO_STATUS = 1005;
const BROKEN_OFF = 1006;

/** Closed when the test has finished. @returns its URL */
export async function startFaultyRelay(
  realUrl: string,
  fault: Fault,
  onFinished: TestContext['onTestFinished'],
): Promise<string> {
  const links = new Set<Link>();
  const detour = fault.udp && (await UdpDetour.start(fault.udp));
  const server = createServer((request, response) => void passRest(realUrl, fault, request, response));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: fault.compresses ?? false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => undefined);
    void passUpgrade({ realUrl, fault, sockets, links, detour }, request, socket, head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onFinished(() => {
    for (const { client, upstream } of links) {
      client.terminate();
      upstream.terminate();
    }
    detour?.close();
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A message whose JSON object was changed. */
export function withEvent(
  message: Message,
  change: (event: { type: number; content: Record<string, unknown> }) => void,
): Message {
  if (!message.isBinary || message.data[0] !== 0) return message;
  const event = JSON.parse(message.data.subarray(1).toString()) as {
    type: number;
    content: Record<string, unknown>;
  };
  change(event);
  return { data: Buffer.concat([Buffer.of(0), Buffer.from(JSON.stringify(event))]), isBinary: true };
}

/** An answer whose JSON object was changed. */
export function withFields(
  answer: RestAnswer,
  change: (fields: Record<string, unknown>) => void,
): RestAnswer {
  const fields = JSON.parse(answer.text) as Record<string, unknown>;
  change(fields);
  return { ...answer, text: JSON.stringify(fields) };
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  const own = /^(?:host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*)$/;
  const kept = Object.entries(headers).filter(([name]) => !own.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

async function passRest(
  realUrl: string,
  fault: Fault,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked: RestRequest = {
    method: incoming.method ?? 'GET',
    url: new URL(realUrl + (incoming.url ?? '/')),
    headers: plainHeaders(incoming),
    body: await buffer(incoming),
  };
  const { method, url, headers, body } = fault.request?.(asked) ?? asked;
  const real = await fetch(url, { method, headers, ...(body.length > 0 && { body: new Uint8Array(body) }) });
  const answer = {
    status: real.status,
    type: real.headers.get('content-type') ?? '',
    text: await real.text(),
  };
  const { status, type, text } = fault.answer?.(answer, asked) ?? answer;
  response.writeHead(status, { 'content-type': type });
  response.end(status === 204 ? undefined : text);
}

interface Proxy {
  readonly realUrl: string;
  readonly fault: Fault;
  readonly sockets: WebSocketServer;
  readonly links: Set<Link>;
  readonly detour: UdpDetour | undefined;
}

async function passUpgrade(
  { realUrl, fault, sockets, links, detour }: Proxy,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const asked: Upgrade = {
    url: new URL(realUrl.replace('http', 'ws') + (incoming.url ?? '/')),
    headers: plainHeaders(incoming),
  };
  const changed = (await fault.upgrade?.(asked, links)) ?? asked;
  if (typeof changed === 'number') return void socket.end(`HTTP/1.1 ${changed} Refused\r\n\r\n`);
  const { url, headers } = changed;
  const upstream = new WebSocket(url, { headers, perMessageDeflate: false });
  upstream.on('error', () => undefined);
  upstream.on('unexpected-response', (_request, { statusCode }) => {
    socket.end(`HTTP/1.1 ${statusCode} Refused\r\nContent-Length: 0\r\n\r\n`);
  });
  upstream.once('open', () => {
    sockets.handleUpgrade(incoming, socket, head, (client) => {
      const isHost =
        ['issender', 'ishost'].some((name) => headers[name] === 'true') || url.searchParams.has('resume');
      const link = { podcastId: url.searchParams.get('id') ?? '', isHost, asked, client, upstream };
      join(link, fault, links, detour);
    });
  });
  return undefined;
}

function join(link: Link, fault: Fault, links: Set<Link>, detour: UdpDetour | undefined): void {
  const { client, upstream } = link;
  let podcastId = 0;
  links.add(link);
  client.on('error', () => undefined);
  client.on('message', (data: Buffer, isBinary) => {
    const message = { data, isBinary };
    const passed = fault.fromClient ? fault.fromClient(message, link, links) : message;
    if (!passed) return;
    const isHost = link.asked.url.pathname === '/ws';
    const isText = detour !== undefined && !passed.isBinary;
    const told = isText ? detour.fromClient(passed.data.toString(), podcastId, isHost) : passed.data;
    upstream.send(told, { binary: passed.isBinary });
  });
  upstream.on('message', (data: Buffer, isBinary) => {
    const message = { data, isBinary };
    for (const passed of fault.fromRelay?.(message, link, links) ?? [message]) {
      const isText = detour !== undefined && !passed.isBinary;
      const text = passed.data.toString();
      if (isText) podcastId = Number(/"podcast_id":(\d+)/.exec(text)?.[1] ?? podcastId);
      client.send(isText ? detour.fromRelay(text) : passed.data, { binary: passed.isBinary });
    }
  });
  client.on('close', (code) => {
    links.delete(link);
    closeWith(upstream, [fault.closeFromClient?.(code, link, links) ?? code, '']);
  });
  upstream.on('close', (code, reason) => {
    const close: Close = [code, reason.toString()];
    const passed = fault.closeFromRelay ? fault.closeFromRelay(close, link) : close;
    if (passed) closeWith(client, passed);
  });
  fault.opened?.(link, links);
}

function closeWith(socket: WebSocket, [code, reason]: Close): void {
  if (code === BROKEN_OFF) socket.terminate();
  else if (code === NO_STATUS) socket.close();
  else socket.close(code, reason);
}
