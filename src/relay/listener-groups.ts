/** The groups of all podcasts: lanes that send audio over WebSocket share one, so that a packet is framed once. */
import type { Limits } from '../protocol/limits.ts';
import type { Channel, Stream } from './channel.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { Hub } from './hub.ts';
import type { KernelSockets } from './kernel-socket.ts';
import { ListenerGroup } from './listener-group.ts';

export interface ListenerGroupsOptions {
  readonly kernelSockets: KernelSockets;
  readonly hub: Hub;
  readonly limits: Limits;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly counters: Counters;
}

export class ListenerGroups {
  readonly #options: ListenerGroupsOptions;
  readonly #groups: Readonly<Record<Stream, WeakMap<Channel, ListenerGroup>>> = {
    tracks: new WeakMap(),
    programme: new WeakMap(),
  };

  constructor(options: ListenerGroupsOptions) {
    this.#options = options;
  }

  /** A stream's group, made and tied to the hub when it is first asked for. */
  of(channel: Channel, stream: Stream): ListenerGroup {
    const { hub, limits, clock, counters, kernelSockets } = this.#options;
    const groups = this.#groups[stream];
    let group = groups.get(channel);
    if (!group) {
      group = new ListenerGroup({
        kernelSockets,
        limits,
        clock,
        onOut: (packets) => counters.add('packets-out', packets),
        onDrop: (packets) => hub.noteDrops(channel, packets),
      });
      hub.addSink(channel, stream, group);
      groups.set(channel, group);
    }
    return group;
  }
}
