/** The main gateway (version 10): identifies bots, tells them events in order, and repeats what a lost connection missed. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { GatewaySession, type GatewayEvent } from './gateway-session.ts';
import { asList, asNumber, asObject, asText, parseJson, type Json, type JsonObject } from './json.ts';
import { asBuffer } from './socket-data.ts';

const GatewayOp = {
  heartbeat: 1,
  identify: 2,
  voiceState: 4,
  resume: 6,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
  channelInfo: 43,
} as const;

/** How long a session without a connection can be resumed. */
const resumeWindowMs = 60_000;

export interface GatewayOptions {
  readonly botToken: string;
  readonly heartbeatIntervalMs: number;
  /** The events that open a session, READY first. */
  opening(session: GatewaySession): readonly GatewayEvent[];
  /** Op 4: the bot wants to be in this voice channel, or in none. */
  voiceState(request: JsonObject, session: GatewaySession): void;
  /** Op 43: the bot asks for what is known of a guild's channels beside what GUILD_CREATE tells. */
  channelInfo(request: JsonObject): GatewayEvent | undefined;
  /** The bot has gone for good: it said goodbye, stayed away too long, or came back as somebody new. */
  sessionEnded(session: GatewaySession): void;
}

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #sockets: WebSocketServer;
  readonly #sessions = new Map<string, GatewaySession>();

  constructor(server: Server, options: GatewayOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({ server });
    this.#sockets.on('connection', (socket) => this.#onConnection(socket));
  }

  /** How many sessions are connected right now. */
  get connected(): number {
    return [...this.#sessions.values()].filter((session) => session.socket !== undefined).length;
  }

  /** Tells every session that the event concerns. */
  dispatch(event: GatewayEvent): void {
    for (const session of this.#sessions.values()) session.tell(event);
  }

  /** Closes the bot's connections in a way that lets it resume (4000 unless told otherwise); 1006 cuts without a word. */
  drop(closeCode = 4000): void {
    for (const { socket } of this.#sessions.values()) {
      if (closeCode === 1006) socket?.terminate();
      else socket?.close(closeCode);
    }
  }

  /** Forgets the bot's sessions and says so (op 9): it must identify anew. */
  invalidateSession(): void {
    for (const session of this.#sessions.values()) {
      if (session.socket) send(session.socket, GatewayOp.invalidSession, false);
      this.#end(session);
    }
  }

  close(): void {
    for (const session of this.#sessions.values()) clearTimeout(session.expiry);
    this.#sessions.clear();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #onConnection(socket: WebSocket): void {
    send(socket, GatewayOp.hello, { heartbeat_interval: this.#options.heartbeatIntervalMs });
    socket.on('message', (data) => {
      let message: JsonObject;
      try {
        message = asObject(parseJson(asBuffer(data).toString()));
      } catch {
        socket.close(4002, 'Error while decoding payload.');
        return;
      }
      this.#receive(socket, asNumber(message['op']), message['d']);
    });
    socket.on('close', (code) => this.#onClose(socket, code));
    // A broken connection closes as well, and the close is what counts.
    socket.on('error', () => {});
  }

  #receive(socket: WebSocket, op: number | undefined, data: Json): void {
    if (op === GatewayOp.heartbeat) send(socket, GatewayOp.heartbeatAck, null);
    else if (op === GatewayOp.identify) this.#identify(socket, asObject(data));
    else if (op === GatewayOp.resume) this.#resume(socket, asObject(data));
    else {
      const session = this.#sessionOf(socket);
      if (!session) socket.close(4003, 'Not authenticated.');
      else if (op === GatewayOp.voiceState) this.#options.voiceState(asObject(data), session);
      else if (op === GatewayOp.channelInfo) {
        const event = this.#options.channelInfo(asObject(data));
        if (event) session.tell(event);
      }
    }
  }

  #identify(socket: WebSocket, data: JsonObject): void {
    if (data['token'] !== this.#options.botToken) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    const [shard = 0, shards = 1] = asList(data['shard']).map(asNumber);
    for (const earlier of this.#sessions.values()) {
      const isAway = earlier.socket?.readyState !== WebSocket.OPEN;
      if (earlier.shard === shard && earlier.shards === shards && isAway) this.#end(earlier);
    }
    const intents = asNumber(data['intents']) ?? 0;
    const session = new GatewaySession({ id: randomUUID(), socket, intents, shard, shards });
    this.#sessions.set(session.id, session);
    for (const event of this.#options.opening(session)) session.tell(event);
  }

  #resume(socket: WebSocket, data: JsonObject): void {
    const session = this.#sessions.get(asText(data['session_id']) ?? '');
    const isResumed =
      data['token'] === this.#options.botToken && session?.resume(socket, asNumber(data['seq']) ?? 0);
    if (!isResumed) send(socket, GatewayOp.invalidSession, false);
  }

  #onClose(socket: WebSocket, code: number): void {
    const session = this.#sessionOf(socket);
    if (!session) return;
    session.socket = undefined;
    // By the protocol a client that closes with 1000 or 1001 means to end its session.
    if (code === 1000 || code === 1001) this.#end(session);
    else session.expiry = setTimeout(() => this.#end(session), resumeWindowMs).unref();
  }

  #end(session: GatewaySession): void {
    clearTimeout(session.expiry);
    this.#sessions.delete(session.id);
    this.#options.sessionEnded(session);
  }

  #sessionOf(socket: WebSocket): GatewaySession | undefined {
    return [...this.#sessions.values()].find((session) => session.socket === socket);
  }
}

function send(socket: WebSocket, op: number, data: Json): void {
  socket.send(JSON.stringify({ op, d: data, s: null, t: null }));
}
