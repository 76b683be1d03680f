/** What one listener is owed: written at once while it keeps up, else kept within a bound, the oldest audio lost first. */

/** Some packets, framed once and shared by all listeners. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly packets: number;
}

/** The part of a net.Socket that a queue uses. */
export interface ListenerSocket {
  /** Bytes that were written and that the kernel has not taken yet. */
  readonly writableLength: number;
  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): unknown;
}

export class ListenerQueue {
  readonly #socket: ListenerSocket;
  readonly #maxBytes: number;
  readonly #pending: Batch[] = [];
  #pendingBytes = 0;
  /** The socket calls `#drain` when it has taken what it has. */
  #waits = false;
  #losingSinceMs: number | undefined;

  /** @param maxBytes what may wait for the kernel; the newest batch is kept whatever its size */
  constructor(socket: ListenerSocket, maxBytes: number) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
  }

  /** Writes or queues a batch and returns how many packets were dropped for it: 0 for who keeps up. */
  offer(batch: Batch, nowMs: number): number {
    if (!this.#waits) {
      this.#write(batch.bytes);
      return 0;
    }
    this.#pending.push(batch);
    this.#pendingBytes += batch.bytes.length;
    return this.#dropOldest(nowMs);
  }

  /** How long this listener has been losing audio without once catching up, in ms. */
  losingMs(nowMs: number): number {
    return this.#losingSinceMs === undefined ? 0 : nowMs - this.#losingSinceMs;
  }

  /** Hands all that waits to the socket, because no more audio comes. */
  flush(): void {
    for (const { bytes } of this.#pending) this.#socket.write(bytes);
    this.clear();
  }

  /** Forgets what waits, because it was taken back. @returns how many packets that were */
  retract(): number {
    const packets = this.#pending.reduce((sum, batch) => sum + batch.packets, 0);
    this.clear();
    return packets;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#pending.length = 0;
    this.#pendingBytes = 0;
  }

  /**
   * Only one batch is ever written behind what the kernel has not taken: what a socket holds cannot be dropped any
   * more, and only a batch behind others needs to tell when it is taken.
   */
  #write(bytes: Uint8Array): void {
    if (this.#socket.writableLength === 0) {
      this.#socket.write(bytes);
      return;
    }
    this.#waits = true;
    this.#socket.write(bytes, this.#drain);
  }

  readonly #drain = (error?: Error | null): void => {
    if (error) return this.clear();
    this.#waits = false;
    while (!this.#waits) {
      const batch = this.#pending.shift();
      if (!batch) {
        this.#losingSinceMs = undefined;
        return;
      }
      this.#pendingBytes -= batch.bytes.length;
      this.#write(batch.bytes);
    }
  };

  #dropOldest(nowMs: number): number {
    let dropped = 0;
    while (this.#pendingBytes + this.#socket.writableLength > this.#maxBytes && this.#pending.length > 1) {
      const oldest = this.#pending.shift();
      if (!oldest) break;
      this.#pendingBytes -= oldest.bytes.length;
      dropped += oldest.packets;
    }
    if (dropped > 0) this.#losingSinceMs ??= nowMs;
    return dropped;
  }
}
