/** One WebSocket to the relay at a time, that comes back by itself until the podcast is over. */
import { reconnectionAfter } from './reconnection.ts';

/** A connection that held for so long was a good one: the next trouble is a new one. */
const STEADY_MS = 5000;
/** A handshake that takes longer is given up. */
const HANDSHAKE_MS = 10_000;

export interface RelayConnectionHandlers {
  readonly onOpen: () => void;
  readonly onMessage: (data: string | Uint8Array) => void;
  /** It is gone, and sought again. */
  readonly onLost: () => void;
  /** It will not come back. */
  readonly onOver: (state: 'ended' | 'refused') => void;
}

export class RelayConnection {
  readonly #url: string;
  readonly #handlers: RelayConnectionHandlers;
  #socket: WebSocket | undefined;
  #isOver = false;
  #attempt = 0;
  #openedMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Connects at once. */
  constructor(url: string, handlers: RelayConnectionHandlers) {
    this.#url = url;
    this.#handlers = handlers;
    this.#connect();
  }

  get isOpen(): boolean {
    return this.#openedMs !== undefined;
  }

  /** Something has changed that a pause was waiting for: tries now. Nothing while there is a connection. */
  hasten(): void {
    if (!this.#socket && !this.#isOver) this.#connect();
  }

  /** Leaves this connection, dead or behind, for a new one, now; nothing more is heard of the old. */
  renew(): void {
    if (this.#isOver) return;
    this.#leave();
    this.#handlers.onLost();
    this.#connect();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#openedMs = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(1000);
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    const isCurrent = (): boolean => this.#socket === socket;
    this.#timer = setTimeout(() => {
      if (isCurrent()) this.#closed(1006);
      socket.close();
    }, HANDSHAKE_MS);
    socket.addEventListener('open', () => {
      if (!isCurrent()) return;
      clearTimeout(this.#timer);
      this.#openedMs = performance.now();
      this.#handlers.onOpen();
    });
    socket.addEventListener('message', (event) => {
      const data: unknown = event.data;
      if (!isCurrent()) return;
      if (typeof data === 'string') this.#handlers.onMessage(data);
      else if (data instanceof ArrayBuffer) this.#handlers.onMessage(new Uint8Array(data));
    });
    socket.addEventListener('close', ({ code }) => {
      if (isCurrent()) this.#closed(code);
    });
  }

  #closed(code: number): void {
    clearTimeout(this.#timer);
    this.#socket = undefined;
    if (this.#openedMs !== undefined && performance.now() - this.#openedMs >= STEADY_MS) this.#attempt = 0;
    this.#openedMs = undefined;
    const next = reconnectionAfter(code, this.#attempt, Math.random());
    if (next.is === 'never') {
      this.#isOver = true;
      this.#handlers.onOver(next.state);
      return;
    }
    this.#attempt += 1;
    this.#timer = setTimeout(() => this.#connect(), next.ms);
    this.#handlers.onLost();
  }
}
