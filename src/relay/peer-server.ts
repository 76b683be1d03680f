/** Takes WebSockets for every lane: gives each its id, watches its pulse and its manners, and closes them all in the end. */
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { type Server, WebSocket, WebSocketServer } from 'ws';
import { CLOSE, type CloseCode } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import type { ClientAddress } from './client-address.ts';
import { ClientIds } from './client-ids.ts';
import type { Clock } from './clock.ts';
import { closeCounter, type Counters } from './counters.ts';
import type { GuessLimit } from './guess-limit.ts';
import { Heartbeat } from './heartbeat.ts';
import type { NoiseLog } from './noise-log.ts';
import { MESSAGE_MAX_BYTES, PeerSocket } from './peer-socket.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** How long a peer has to answer a close frame, and a slow listener to read up to it. */
const CLOSE_TIMEOUT_MS = 5000;
const INTERNAL_ERROR = 1011;
/** How every podcast ends, in contrast to what a peer did wrong. */
const ORDINARY_ENDS: readonly CloseCode[] = [CLOSE.senderDisconnected, CLOSE.senderTimeout, CLOSE.goingAway];
/** What one is told who tries ids and secrets. */
const GUESSES: readonly CloseCode[] = [CLOSE.missingAuth, CLOSE.invalidAuth, CLOSE.unknownPodcast];

export interface PeerServerOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly noise: NoiseLog;
  readonly log: Pick<Logger, 'error'>;
  readonly clientAddress: ClientAddress;
  readonly guesses: GuessLimit;
  /** Answers an upgrade that is not one of RFC 6455, and ends its socket. */
  readonly refuseUpgrade: (socket: Duplex) => void;
}

/** A WebSocket that its lane has yet to let in. */
export interface Arrival {
  readonly peer: PeerSocket;
  readonly request: UpgradeRequest;
  /** Where it comes from, behind whatever proxies are trusted. */
  readonly address: string;
  /** What `peer` was made of. */
  readonly socket: Socket;
}

/** Lets a WebSocket in, or throws a ContractError that it is closed with. */
export type LetIn = (arrival: Arrival) => Promise<void>;

export class PeerServer {
  readonly #options: PeerServerOptions;
  readonly #server: Server<typeof PeerSocket>;
  readonly #heartbeat: Heartbeat<PeerSocket>;
  readonly #ids = new ClientIds();

  constructor(options: PeerServerOptions) {
    this.#options = options;
    // Not a literal in the call, because the types of ws do not know closeTimeout (ws 8.19) yet.
    const serverOptions = {
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MESSAGE_MAX_BYTES,
      closeTimeout: CLOSE_TIMEOUT_MS,
      WebSocket: PeerSocket,
    };
    this.#server = new WebSocketServer<typeof PeerSocket>(serverOptions);
    this.#server.on('wsClientError', (_error, socket) => options.refuseUpgrade(socket));
    this.#heartbeat = new Heartbeat(options.clock, () => options.counters.add('dead-peer'));
  }

  /** Whether this request's address has been refused so often that it may not even ask. */
  isGuessing(message: IncomingMessage): boolean {
    return this.#options.guesses.isOver(this.#options.clientAddress(message));
  }

  /** Makes a WebSocket of an upgrade request and hands it to its lane. */
  upgrade(request: UpgradeRequest, message: IncomingMessage, head: Buffer, letIn: LetIn): void {
    const { socket } = message;
    const address = this.#options.clientAddress(message);
    this.#server.handleUpgrade(message, socket, head, (peer) => {
      this.#watch(peer, address);
      void this.#accept({ peer, request, address, socket }, letIn);
    });
  }

  /** Closes every socket with 4010; resolves when all are gone, or were cut off after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#heartbeat.close();
    const peers = [...this.#server.clients];
    for (const peer of peers) peer.dismiss(CLOSE.goingAway);
    const allGone = Promise.all(peers.map(goneOf));
    const cutOff = setTimeout(() => {
      for (const peer of peers) peer.terminate();
    }, graceMs);
    await allGone;
    clearTimeout(cutOff);
  }

  #watch(peer: PeerSocket, address: string): void {
    const { counters, noise, guesses } = this.#options;
    peer.clientId = this.#ids.take();
    peer.address = address;
    peer.onDismissal = (close, sentence) => {
      counters.add(closeCounter(close.code));
      if (GUESSES.includes(close)) guesses.add(address);
      if (!ORDINARY_ENDS.includes(close)) noise.warn({ code: close.code, address }, sentence);
    };
    const forget = this.#heartbeat.add(peer);
    const isAlive = (): void => {
      peer.missedPings = 0;
    };
    peer.on('pong', isAlive);
    peer.on('message', isAlive);
    peer.on('close', () => {
      forget();
      this.#ids.release(peer.clientId);
    });
    // A broken frame or a reset: ws closes the socket, and 'close' tells us all we need.
    peer.on('error', () => undefined);
  }

  async #accept(arrival: Arrival, letIn: LetIn): Promise<void> {
    const { peer } = arrival;
    // What a peer sends before it is let in waits in the kernel.
    peer.pause();
    try {
      await letIn(arrival);
    } catch (error) {
      if (!peer.dismissFor(error)) {
        this.#options.log.error({ err: error }, 'a WebSocket could not be let in');
        peer.close(INTERNAL_ERROR);
      }
    } finally {
      peer.resume();
    }
  }
}

function goneOf(peer: PeerSocket): Promise<void> {
  return new Promise((resolve) => {
    if (peer.readyState === WebSocket.CLOSED) resolve();
    else peer.once('close', () => resolve());
  });
}
