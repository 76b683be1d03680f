/** The WebSocket lane: hosts send audio on it and listeners hear it (protocol.md §3). */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import { type Server, WebSocket, WebSocketServer } from 'ws';
import { AccountsBusyError } from '../accounts/account-store.ts';
import { admits } from '../podcast/podcast.ts';
import { CLOSE, type CloseCode, ContractError } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import { assertAudioPacket } from '../protocol/packet.ts';
import { type AccountVerifier, authenticate } from './authentication.ts';
import type { Channel } from './channel.ts';
import type { ClientAddress } from './client-address.ts';
import type { Clock } from './clock.ts';
import { closeCounter, type Counters } from './counters.ts';
import { GuessLimit } from './guess-limit.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Hub } from './hub.ts';
import { ListenerGroup } from './listener-group.ts';
import type { NoiseLog } from './noise-log.ts';
import { MESSAGE_MAX_BYTES, PeerSocket } from './peer-socket.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** How long a peer has to answer a close frame, and a slow listener to read up to it. */
const CLOSE_TIMEOUT_MS = 5000;
const U32_LIMIT = 2 ** 32;
/** RFC 6455 §7.4.1: a close frame with "normal closure", and one without any code. */
const DELIBERATE_CLOSES: readonly number[] = [1000, 1005];
const INTERNAL_ERROR = 1011;
/** How every podcast ends, in contrast to what a peer did wrong. */
const ORDINARY_ENDS: readonly CloseCode[] = [CLOSE.senderDisconnected, CLOSE.senderTimeout, CLOSE.goingAway];
/** What one is told who tries ids and secrets. */
const GUESSES: readonly CloseCode[] = [CLOSE.missingAuth, CLOSE.invalidAuth, CLOSE.unknownPodcast];

export interface WebSocketLaneOptions {
  readonly hub: Hub;
  readonly accounts: AccountVerifier;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly noise: NoiseLog;
  readonly log: Pick<Logger, 'error'>;
  readonly clientAddress: ClientAddress;
  /** Answers an upgrade that is not one of RFC 6455, and ends its socket. */
  readonly refuseUpgrade: (socket: Duplex) => void;
}

export class WebSocketLane {
  readonly #options: WebSocketLaneOptions;
  readonly #server: Server<typeof PeerSocket>;
  readonly #heartbeat: Heartbeat<PeerSocket>;
  readonly #guesses: GuessLimit;
  readonly #groups = new WeakMap<Channel, ListenerGroup>();

  constructor(options: WebSocketLaneOptions) {
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
    this.#guesses = new GuessLimit(options.limits.REST_REQUESTS_PER_MINUTE, options.clock);
    this.#heartbeat = new Heartbeat(options.clock, () => options.counters.add('dead-peer'));
  }

  /** Whether this request's address has been refused so often that it may not even ask. */
  isGuessing(message: IncomingMessage): boolean {
    return this.#guesses.isOver(this.#options.clientAddress(message));
  }

  /** Takes over an upgrade request for one of this lane's paths. */
  upgrade(request: UpgradeRequest, message: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = this.#options.clientAddress(message);
    this.#server.handleUpgrade(message, socket, head, (peer) => {
      this.#watch(peer, address);
      void this.#accept(peer, socket, request);
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
    const { counters, noise } = this.#options;
    peer.onDismissal = (close, sentence) => {
      counters.add(closeCounter(close.code));
      if (GUESSES.includes(close)) this.#guesses.add(address);
      if (!ORDINARY_ENDS.includes(close)) noise.warn({ code: close.code, address }, sentence);
    };
    const forget = this.#heartbeat.add(peer);
    peer.on('pong', () => {
      peer.missedPings = 0;
    });
    peer.on('close', forget);
    // A broken frame or a reset: ws closes the socket, and 'close' tells us all we need.
    peer.on('error', () => undefined);
  }

  async #accept(peer: PeerSocket, socket: Duplex, request: UpgradeRequest): Promise<void> {
    // What a peer sends before it is let in waits in the kernel.
    peer.pause();
    try {
      if (request.wantsToHost) await this.#host(peer, request);
      else await this.#listen(peer, socket, request);
    } catch (error) {
      if (!dismissFor(peer, error)) {
        this.#options.log.error({ err: error }, 'a WebSocket could not be let in');
        peer.close(INTERNAL_ERROR);
      }
    } finally {
      peer.resume();
    }
  }

  async #host(peer: PeerSocket, request: UpgradeRequest): Promise<void> {
    const { hub } = this.#options;
    if (request.resumeToken !== undefined) {
      const channel = this.#channelOf(request);
      hub.resume(channel, request.resumeToken, peer);
      return this.#takeAudio(peer, channel, request);
    }
    const account = await this.#accountOf(request);
    const channel = this.#channelOf(request);
    if (channel.podcast.host !== account) {
      throw new ContractError(CLOSE.invalidAuth, 'This account is not the host of this podcast.');
    }
    if (peer.readyState !== WebSocket.OPEN) return;
    hub.takeUp(channel, peer);
    this.#takeAudio(peer, channel, request);
  }

  #takeAudio(peer: PeerSocket, channel: Channel, request: UpgradeRequest): void {
    const { hub } = this.#options;
    this.#sayHello(peer, channel, request);
    peer.on('message', (message: Buffer, isBinary) => {
      if (peer.readyState !== WebSocket.OPEN) return;
      peer.missedPings = 0;
      try {
        if (!isBinary) throw invalid('This is a text message: a host sends binary ones.');
        assertAudioPacket(message);
        hub.publish(channel, message);
      } catch (error) {
        // At once, because what the peer answers to a dismissal must not count as its leaving.
        hub.leave(channel, peer, 'dropped');
        if (!dismissFor(peer, error)) throw error;
      }
    });
    peer.on('close', (code) => {
      hub.leave(channel, peer, DELIBERATE_CLOSES.includes(code) ? 'deliberate' : 'dropped');
    });
  }

  async #listen(peer: PeerSocket, socket: Duplex, request: UpgradeRequest): Promise<void> {
    const { hub } = this.#options;
    if (!(await this.#mayListen(request))) throw new ContractError(CLOSE.unknownPodcast);
    const channel = this.#channelOf(request);
    if (peer.readyState !== WebSocket.OPEN) return;
    hub.admitListener(channel);
    this.#sayHello(peer, channel, request);
    const leaveGroup = this.#groupOf(channel).add(peer, socket);
    peer.onClosing = leaveGroup;
    peer.on('message', () => {
      peer.dismiss(CLOSE.invalidPayload, 'This is a message of a listener: a listener sends none.');
    });
    peer.on('close', () => {
      leaveGroup();
      hub.listenerLeft(channel);
    });
  }

  async #mayListen(request: UpgradeRequest): Promise<boolean> {
    const { podcast } = this.#channelOf(request);
    if (admits(podcast, request.listenKey)) return true;
    const authentication = await authenticate(this.#options.accounts, request.headers);
    return authentication.result === 'verified' && authentication.account === podcast.host;
  }

  #sayHello(peer: PeerSocket, { podcast }: Channel, { takesAdditions, wantsToHost }: UpgradeRequest): void {
    const { id: podcastId, key: secretKey, resumeToken: token } = podcast;
    if (!takesAdditions) return peer.sendEvent({ type: 'hello', secretKey });
    const ids = { clientId: randomInt(1, U32_LIMIT), podcastId };
    const additions = wantsToHost
      ? { ...ids, resume: { token, seconds: this.#options.hub.resumeSeconds } }
      : ids;
    peer.sendEvent({ type: 'hello', secretKey, additions });
  }

  #channelOf({ podcastId }: UpgradeRequest): Channel {
    const channel = podcastId === undefined ? undefined : this.#options.hub.find(podcastId);
    if (!channel) throw new ContractError(CLOSE.unknownPodcast);
    return channel;
  }

  async #accountOf({ headers }: UpgradeRequest): Promise<string> {
    const authentication = await authenticate(this.#options.accounts, headers);
    if (authentication.result === 'missing') throw new ContractError(CLOSE.missingAuth);
    if (authentication.result === 'invalid') throw new ContractError(CLOSE.invalidAuth);
    return authentication.account;
  }

  #groupOf(channel: Channel): ListenerGroup {
    const { hub, limits, clock, counters } = this.#options;
    let group = this.#groups.get(channel);
    if (!group) {
      group = new ListenerGroup({
        limits,
        clock,
        onOut: (packets) => counters.add('packets-out', packets),
        onDrop: (packets) => hub.noteDrops(channel, packets),
      });
      hub.addSink(channel, group);
      this.#groups.set(channel, group);
    }
    return group;
  }
}

/** Closes a peer for what it did; false for an error that is the relay's own. */
function dismissFor(peer: PeerSocket, error: unknown): boolean {
  if (error instanceof ContractError) peer.dismiss(error.close, error.message);
  else if (error instanceof AccountsBusyError) peer.dismiss(CLOSE.capacity, error.message);
  else return false;
  return true;
}

function invalid(sentence: string): ContractError {
  return new ContractError(CLOSE.invalidPayload, sentence);
}

function goneOf(peer: PeerSocket): Promise<void> {
  return new Promise((resolve) => {
    if (peer.readyState === WebSocket.CLOSED) resolve();
    else peer.once('close', () => resolve());
  });
}
