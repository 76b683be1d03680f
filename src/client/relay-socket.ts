/** One WebSocket to a relay that comes back by itself: what host and listener have in common. */
import { WebSocket } from 'ws';
import { closeOf } from '../protocol/close-codes.ts';
import type { JsonEvent } from '../protocol/json-events.ts';
import { backoffMs } from '../protocol/backoff.ts';
import type { AudioPacket, RelayMessage } from './relay-message.ts';

/** Why a connection is over for good. */
export interface Ending {
  /** The WebSocket close code; 1000 or 1001 when we closed it, 1006 when the relay could not be reached any more. */
  readonly code: number;
  /** A sentence for people. */
  readonly reason: string;
}

/** The connection ended where it was needed; the message is the ending's sentence. */
export class EndedError extends Error {
  override readonly name = 'EndedError';
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.reason);
    this.ending = ending;
  }
}

export interface RelaySocketOptions<Hello> {
  /** Asked anew for each attempt, because a host that resumes needs another query. */
  readonly request: () => { readonly url: string; readonly headers: Record<string, string> };
  /** How long to go on trying after a drop, ms; after that `ended`. */
  readonly giveUpAfterMs: () => number;
  /** What a message means; undefined for one to pass over. What it throws ends the connection, to be sought again. */
  readonly read: (data: Buffer, isBinary: boolean) => RelayMessage<Hello> | undefined;
  readonly onHello: (hello: Hello) => void;
  /** An audio packet; its arrays are views that are valid only during the call. */
  readonly onAudio: (packet: AudioPacket) => void;
  /** Any other event. */
  readonly onEvent?: (event: JsonEvent) => void;
  /** The connection dropped and is being sought again. */
  readonly onInterrupted: (why: string) => void;
  readonly onEnded: (ending: Ending) => void;
}

type State =
  | { readonly is: 'connecting'; readonly socket: WebSocket }
  | { readonly is: 'open'; readonly socket: WebSocket; readonly sinceMs: number }
  | { readonly is: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly is: 'ended' };

// A relay pings every 20 s; without a sign of life for so long the path is dead, whatever TCP believes.
const SILENCE_MS = 50_000;
/** A connection that held for so long was a good one: the next trouble is a new one. */
const STEADY_MS = 5000;
const HANDSHAKE_MS = 10_000;
const CLOSE_MS = 500;
// An event may name 64 speakers; a relay that sends more than this is none.
const MESSAGE_MAX_BYTES = 65_536;

export class RelaySocket<Hello> {
  readonly #options: RelaySocketOptions<Hello>;
  #state: State;
  #attempt = 0;
  #droppedAtMs: number | undefined;
  /** The relay's own words for the close that follows. */
  #told: string | undefined;
  #closing: Promise<boolean> | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(options: RelaySocketOptions<Hello>) {
    this.#options = options;
    this.#state = this.#connect();
  }

  /** Bytes that wait to be sent; undefined while there is no connection. */
  get bufferedBytes(): number | undefined {
    return this.#state.is === 'open' ? this.#state.socket.bufferedAmount : undefined;
  }

  /** Sends one message, text or binary; the caller has looked at `bufferedBytes`. */
  send(message: Uint8Array | string): void {
    if (this.#state.is === 'open') this.#state.socket.send(message);
  }

  /** Leaves this connection for a new one, at once and without a word to the owner: it asks for something else now. */
  restart(): void {
    const state = this.#state;
    if (state.is !== 'open' && state.is !== 'connecting') return;
    this.#state = this.#connect();
    state.socket.close(1000);
  }

  /**
   * Closes for good. Resolves when the socket is closed; may be called again.
   * @param code RFC 6455 §7.4.1. A relay takes 1000 from a host as "over"; 1001, going away, as a drop
   * @returns whether the relay was there to be told
   */
  close(code: 1000 | 1001 = 1000): Promise<boolean> {
    this.#closing ??= this.#close(code);
    return this.#closing;
  }

  async #close(code: number): Promise<boolean> {
    const state = this.#state;
    if (state.is === 'ended') return true;
    this.#end({ code, reason: 'Closed.' });
    if (state.is === 'waiting') return false;
    const { socket } = state;
    const closed = new Promise<number>((resolve) => void socket.once('close', resolve));
    socket.close(code);
    const impatience = setTimeout(() => socket.terminate(), CLOSE_MS);
    const answer = await closed;
    clearTimeout(impatience);
    return state.is === 'open' && answer === code;
  }

  #connect(): State {
    const { url, headers } = this.#options.request();
    const socket = new WebSocket(url, {
      headers,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MESSAGE_MAX_BYTES,
      perMessageDeflate: false,
    });
    let why = 'the connection was lost';
    socket.on('open', () => this.#watchSilence(socket));
    socket.on('ping', () => this.#watchSilence(socket));
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!this.#isCurrent(socket)) return;
      let message: RelayMessage<Hello> | undefined;
      try {
        message = this.#options.read(data, isBinary);
      } catch (error) {
        why = messageOf(error);
        socket.terminate();
        return;
      }
      // Outside: what the owner throws is the owner's fault, and no reason to connect anew.
      if (message) this.#take(socket, message);
    });
    socket.on('error', (error) => {
      why = error.message;
    });
    socket.on('close', (code, reason) => {
      if (this.#isCurrent(socket)) this.#closed(code, reason.toString() || why);
    });
    return { is: 'connecting', socket };
  }

  #isCurrent(socket: WebSocket): boolean {
    return 'socket' in this.#state && this.#state.socket === socket;
  }

  #take(socket: WebSocket, message: RelayMessage<Hello>): void {
    switch (message.kind) {
      case 'audio':
        this.#options.onAudio(message.packet);
        break;
      case 'event':
        this.#options.onEvent?.(message.event);
        break;
      case 'farewell':
        this.#told = message.reason;
        break;
      case 'hello':
        this.#state = { is: 'open', socket, sinceMs: Date.now() };
        this.#options.onHello(message.hello);
    }
  }

  #watchSilence(socket: WebSocket): void {
    if (!this.#isCurrent(socket)) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => socket.terminate(), SILENCE_MS);
    this.#silence.unref();
  }

  #closed(code: number, why: string): void {
    clearTimeout(this.#silence);
    const ending = { code, reason: this.#told ?? why };
    this.#told = undefined;
    const reconnect = closeOf(code)?.reconnect ?? 'yes';
    if (this.#state.is === 'open' && Date.now() - this.#state.sinceMs >= STEADY_MS) {
      this.#attempt = 0;
      this.#droppedAtMs = undefined;
    }
    this.#droppedAtMs ??= Date.now();
    const leftMs = this.#droppedAtMs + this.#options.giveUpAfterMs() - Date.now();
    if (reconnect === 'no' || leftMs <= 0) {
      this.#end(ending);
      return;
    }
    if (this.#state.is === 'open' || this.#attempt === 0) this.#options.onInterrupted(ending.reason);
    const isAtOnce = reconnect === 'at-once' && this.#attempt === 0;
    // The last attempt is made when time is up, and not whenever the backoff comes round to it.
    const delayMs = isAtOnce ? 0 : Math.min(backoffMs(this.#attempt), leftMs);
    this.#attempt += 1;
    const timer = setTimeout(() => {
      this.#state = this.#connect();
    }, delayMs);
    this.#state = { is: 'waiting', timer };
  }

  #end(ending: Ending): void {
    if (this.#state.is === 'waiting') clearTimeout(this.#state.timer);
    clearTimeout(this.#silence);
    this.#state = { is: 'ended' };
    this.#options.onEnded(ending);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
