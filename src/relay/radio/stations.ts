/** The stations of all podcasts: each is there while somebody listens to it. */
import type { Socket } from 'node:net';
import type { ContractError } from '../../protocol/close-codes.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { Channel } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Encodings } from '../encoding/encodings.ts';
import type { Hub } from '../hub.ts';
import type { KernelSockets } from '../kernel-socket.ts';
import type { RadioFormat } from './radio-format.ts';
import { streamTitle } from './station-facts.ts';
import { Station, type Tuning } from './station.ts';

/** A player that asks twice, to look first or because its network changed, begins with the last moments again. */
const GRACE_MS = 5000;

export interface StationsOptions {
  readonly hub: Pick<Hub, 'noteDrops'>;
  readonly encodings: Encodings;
  readonly kernelSockets: Pick<KernelSockets, 'open'>;
  readonly limits: Pick<Limits, 'RADIO_QUEUE_BYTES' | 'TOO_SLOW_SECONDS'>;
  readonly clock: Pick<Clock, 'nowMs' | 'after'>;
  readonly counters: Pick<Counters, 'add'>;
}

/** Who tunes in. */
export interface RadioListener {
  readonly socket: Socket;
  readonly address: string;
  /** Sends what goes before the stream; called when nothing can go wrong any more. */
  readonly greet: () => void;
  readonly wantsMetadata: boolean;
}

export class Stations {
  readonly #options: StationsOptions;
  readonly #stations: Readonly<Record<RadioFormat, Map<Channel, Station>>> = {
    mp3: new Map(),
    opus: new Map(),
  };

  constructor(options: StationsOptions) {
    this.#options = options;
  }

  /** How many get this stream now, and do not only look. */
  listenersOf(channel: Channel, format: RadioFormat): number {
    return this.#stations[format].get(channel)?.listeners ?? 0;
  }

  /**
   * The stream goes to a listener until it leaves, or until the podcast ends: then the socket is ended.
   * @throws ContractError (4009) when this relay encodes as many podcasts as it can
   */
  tuneIn(channel: Channel, format: RadioFormat, listener: RadioListener): Tuning {
    const station = this.#stations[format].get(channel) ?? this.#open(channel, format, listener.address);
    listener.greet();
    return station.add(listener.socket, listener.wantsMetadata);
  }

  #open(channel: Channel, format: RadioFormat, address: string): Station {
    const { hub, encodings, ...options } = this.#options;
    const stations = this.#stations[format];
    const station = new Station({
      ...options,
      title: streamTitle(channel.podcast),
      onDrop: (pages) => hub.noteDrops(channel, pages),
      onIdle: () => options.clock.after(GRACE_MS, () => station.closeIfIdle()),
      onClosed: () => {
        release();
        if (stations.get(channel) === station) stations.delete(channel);
      },
    });
    const refuse = (error: ContractError): void => station.end(error.close);
    const release = encodings.want(channel, format, { address, refuse }, station);
    stations.set(channel, station);
    station.watch();
    return station;
  }
}
