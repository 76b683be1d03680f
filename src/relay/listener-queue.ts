/** What one listener is owed: written at once while it keeps up, else kept within a bound, the oldest audio lost first. */

/** Bytes made once and shared by all listeners: packets as WebSocket frames, or a page of a stream. */
export interface Batch {
  readonly bytes: Uint8Array;
  /** How many a drop counts as. Several are as many WebSocket frames, between which it may be cut; otherwise it stays whole. */
  readonly packets: number;
}

/** What a stream needs in which it matters where a byte stands, or what stood before it. */
export interface LossRepair {
  /** What may stay when something has to be dropped: less than the bound, so that not each further batch costs a repair. */
  readonly keptBytes: number;
  /** What stands in the place of batches that were lost. @param next that follows them; undefined: what the group gets next */
  repair(lost: readonly Batch[], next: Batch | undefined): readonly Batch[];
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
  readonly #losses: LossRepair | undefined;
  #pending: Batch[] = [];
  #pendingBytes = 0;
  /** The socket calls `#drain` when it has taken what it has. */
  #waits = false;
  #losingSinceMs: number | undefined;

  /** @param maxBytes what may wait for the kernel; the newest batch is kept whatever its size */
  constructor(socket: ListenerSocket, maxBytes: number, losses?: LossRepair) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
    this.#losses = losses;
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
    const lost = this.#pending;
    this.clear();
    if (lost.length > 0) this.#repair(lost);
    return lost.reduce((sum, batch) => sum + batch.packets, 0);
  }

  /** Forgets what waits. */
  clear(): void {
    this.#pending = [];
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
    if (this.#owedBytes <= this.#maxBytes) return 0;
    const keptBytes = this.#losses?.keptBytes ?? this.#maxBytes;
    const lost: Batch[] = [];
    let dropped = 0;
    while (this.#owedBytes > keptBytes && this.#pending.length > 1) {
      const oldest = this.#pending.shift();
      if (!oldest) break;
      this.#pendingBytes -= oldest.bytes.length;
      dropped += oldest.packets;
      lost.push(oldest);
    }
    if (lost.length > 0) this.#repair(lost);
    if (dropped > 0) this.#losingSinceMs ??= nowMs;
    return dropped;
  }

  get #owedBytes(): number {
    return this.#pendingBytes + this.#socket.writableLength;
  }

  #repair(lost: readonly Batch[]): void {
    if (!this.#losses) return;
    const repaired = this.#losses.repair(lost, this.#pending[0]);
    this.#pending.unshift(...repaired);
    for (const { bytes } of repaired) this.#pendingBytes += bytes.length;
  }
}
