/** A UDP port as both engines have it: dgram reads, wires send, lanes drive them. */
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { plainAddress } from '../client-address.ts';
import type { Audience, DatagramEngine, DatagramSocket } from './datagram-sender.ts';
import { LaneAudience } from './lane-audience.ts';
import type { Lanes } from './lanes.ts';
import type { Tally } from './tally.ts';
import { refusalOf, type Wire } from './wire.ts';

export interface LaneSocketOptions {
  readonly engine: DatagramEngine;
  /** Bound. */
  readonly reader: Socket;
  readonly tally: Tally;
  readonly lanes: Lanes;
  readonly nowMs: () => number;
  /** @param slots how many destinations one call may serve */
  readonly makeWire: (slots: number) => Wire;
}

export class LaneSocket implements DatagramSocket {
  readonly engine: DatagramEngine;
  readonly port: number;
  onDatagram: DatagramSocket['onDatagram'] = () => undefined;
  readonly #options: LaneSocketOptions;
  readonly #single: Wire;
  readonly #audiences = new Set<LaneAudience>();
  #closing: Promise<void> | undefined;

  constructor(options: LaneSocketOptions) {
    const { engine, reader, makeWire } = options;
    this.#options = options;
    this.#single = makeWire(1);
    this.engine = engine;
    this.port = reader.address().port;
    reader.on('message', (datagram, { address, port }) => {
      this.onDatagram(datagram, plainAddress(address), port);
    });
    // One datagram could not be read; the next one will be.
    reader.on('error', () => undefined);
  }

  get counters(): DatagramSocket['counters'] {
    return { ...this.#options.tally };
  }

  send(datagram: Uint8Array, address: string, port: number): void {
    if (this.#closing) return;
    const { tally } = this.#options;
    try {
      this.#single.place(0, address, port);
      this.#single.load([datagram]);
    } catch {
      tally.badDestination += 1;
      return;
    }
    const result = this.#single.transmit(0, 1);
    if (result > 0) tally.sent += 1;
    else if (refusalOf(-result) === 'no-room') tally.noRoom += 1;
    else tally.badDestination += 1;
  }

  audience(): Audience {
    const { lanes, tally, makeWire, nowMs } = this.#options;
    const audience = new LaneAudience({
      nowMs,
      tally,
      chooseLane: () => lanes.choose(),
      makeWire: (lane) => makeWire(lane.callSlots),
      onClose: () => this.#audiences.delete(audience),
    });
    this.#audiences.add(audience);
    return audience;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { lanes, reader } = this.#options;
    for (const audience of this.#audiences) audience.close();
    // The descriptor's number may be another file's once it is closed: nobody may be sending then.
    await lanes.close();
    const closed = once(reader, 'close');
    reader.close();
    await closed;
  }
}
