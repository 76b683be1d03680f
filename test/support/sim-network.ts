/** A simulated network: datagrams are lost, late, out of order and doubled, by a seed and a clock turned by hand. */

export interface NetworkFaults {
  /** 0 … 1. */
  readonly loss: number;
  /** 0 … 1. */
  readonly duplicates: number;
  readonly delayMs: number;
  /** Up to so much more delay, drawn for each datagram: what is sent later may arrive earlier. */
  readonly jitterMs: number;
}

export type Receive = (datagram: Buffer, address: string, port: number) => void;

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

export class SimNetwork {
  nowMs = 0;
  /** Datagrams that were given to the network. */
  sent = 0;
  readonly #faults: NetworkFaults;
  readonly #random: () => number;
  readonly #receivers = new Map<string, Receive>();
  #tasks: Task[] = [];

  constructor(seed: number, faults: NetworkFaults) {
    this.#faults = faults;
    this.#random = mulberry32(seed);
  }

  /** From now on datagrams to this place are received so; a place that is not bound loses them. */
  bind(address: string, port: number, receive: Receive): void {
    this.#receivers.set(`${address} ${port}`, receive);
  }

  unbind(address: string, port: number): void {
    this.#receivers.delete(`${address} ${port}`);
  }

  send(datagram: Uint8Array, from: readonly [string, number], to: readonly [string, number]): void {
    this.sent += 1;
    const copy = Buffer.from(datagram);
    const { loss, duplicates, delayMs, jitterMs } = this.#faults;
    const copies = this.#random() < duplicates ? 2 : 1;
    for (let i = 0; i < copies; i += 1) {
      if (this.#random() < loss) continue;
      this.after(delayMs + this.#random() * jitterMs, () =>
        this.#receivers.get(to.join(' '))?.(copy, ...from),
      );
    }
  }

  after(ms: number, run: () => void): void {
    this.#tasks.push({ dueMs: this.nowMs + ms, run });
  }

  /** Lets time pass: what is due by then happens in its order. */
  advance(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const next = this.#tasks.reduce<Task | undefined>(
        (first, task) => (first && first.dueMs <= task.dueMs ? first : task),
        undefined,
      );
      if (!next || next.dueMs > untilMs) break;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      this.nowMs = next.dueMs;
      next.run();
    }
    this.nowMs = untilMs;
  }
}

/** A small generator of known quality: the same seed, the same network. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
