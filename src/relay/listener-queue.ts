/** What one listener is owed: written at once while it keeps up, else kept within a bound, the oldest audio lost first. */

/** Some packets, framed once and shared by all listeners. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly packets: number;
}

/** A socket as a queue uses it. */
export interface ListenerSocket {
  /** Bytes that Node has for it, because the kernel has not taken them yet. */
  readonly writableLength: number;
  /** Hands frames to the kernel, only while `writableLength` is 0. @returns those that nobody has taken */
  send(batch: Batch): Batch | undefined;
  /** Hands bytes to Node, which keeps them until the kernel takes them. */
  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): unknown;
}

const NOTHING = new Uint8Array(0);

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
    const rest = this.#waits ? batch : this.#send(batch);
    if (!rest) return 0;
    this.#pending.push(rest);
    this.#pendingBytes += rest.bytes.length;
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

  /** What Node holds cannot be dropped or taken back any more, so nothing is written behind it. @returns what has to wait */
  #send(batch: Batch): Batch | undefined {
    const rest = this.#socket.writableLength === 0 ? this.#socket.send(batch) : batch;
    if (rest) {
      this.#waits = true;
      // Node calls back in the order of its writes, whoever made them: events of this peer may be among them.
      this.#socket.write(NOTHING, this.#drain);
    }
    return rest;
  }

  readonly #drain = (error?: Error | null): void => {
    if (error) return this.clear();
    this.#waits = false;
    for (;;) {
      const batch = this.#pending.shift();
      if (!batch) break;
      const rest = this.#send(batch);
      this.#pendingBytes += (rest?.bytes.length ?? 0) - batch.bytes.length;
      if (!rest) continue;
      this.#pending.unshift(rest);
      return;
    }
    this.#losingSinceMs = undefined;
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
