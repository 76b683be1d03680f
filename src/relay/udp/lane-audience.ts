/** An audience whose destinations are spread over lanes: the event loop's own thread, and workers when it is full. */
import type { Audience, Destination } from './datagram-sender.ts';
import { Fan } from './fan.ts';
import type { Lane } from './send-loop.ts';
import type { Tally } from './tally.ts';
import type { Wire } from './wire.ts';

export interface LaneAudienceOptions {
  readonly nowMs: () => number;
  readonly tally: Tally;
  /** The lane of the next destination; one for good, or its packets would overtake each other. */
  readonly chooseLane: () => Lane;
  readonly makeWire: (lane: Lane) => Wire;
  readonly onClose: (audience: LaneAudience) => void;
}

interface Part {
  readonly lane: Lane;
  readonly fan: Fan;
}

export class LaneAudience implements Audience {
  readonly #options: LaneAudienceOptions;
  /** One for each lane that has a destination; almost always one. */
  readonly #parts: Part[] = [];

  constructor(options: LaneAudienceOptions) {
    this.#options = options;
  }

  get size(): number {
    let size = 0;
    for (const { fan } of this.#parts) size += fan.size;
    return size;
  }

  add(address: string, port: number): Destination {
    const part = this.#partOn(this.#options.chooseLane());
    const destination = part.fan.add(address, port);
    part.lane.count(1);
    return destination;
  }

  remove(destination: Destination): void {
    for (const { lane, fan } of this.#parts) {
      if (!fan.has(destination)) continue;
      lane.settle(fan);
      fan.remove(destination);
      lane.count(-1);
      lane.wake(fan);
      return;
    }
  }

  publish(datagram: Uint8Array): void {
    const nowMs = this.#options.nowMs();
    for (const { lane, fan } of this.#parts) {
      if (fan.size === 0) continue;
      fan.publish(datagram, nowMs);
      lane.wake(fan);
    }
  }

  retract(): number {
    let datagrams = 0;
    for (const { lane, fan } of this.#parts) {
      lane.settle(fan);
      datagrams += fan.retract();
    }
    return datagrams;
  }

  close(): void {
    for (const { lane, fan } of this.#parts) {
      lane.settle(fan);
      lane.count(-fan.size);
      fan.close();
    }
    this.#parts.length = 0;
    this.#options.onClose(this);
  }

  #partOn(lane: Lane): Part {
    const known = this.#parts.find((part) => part.lane === lane);
    if (known) return known;
    const part = { lane, fan: new Fan(this.#options.makeWire(lane), this.#options.tally) };
    this.#parts.push(part);
    return part;
  }
}
