/** The clients of the events lane in one podcast: who hears of whom, and who of them hears which stream over UDP. */
import type { Channel, Stream } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Audience } from '../udp/datagram-sender.ts';
import { Announcements } from './announcements.ts';
import { FactsBoard } from './facts-board.ts';
import { UdpListeners } from './udp-listeners.ts';

export interface RoomOptions {
  readonly channel: Channel;
  readonly clock: Pick<Clock, 'nowMs' | 'after' | 'every'>;
  readonly makeAudience: () => Audience;
  readonly smallAudience: number;
  /** So many packets are due to listeners. */
  readonly onOut: (packets: number) => void;
}

export class Room {
  readonly announcements: Announcements;
  readonly facts: FactsBoard;
  /** Each a sink of its stream. */
  readonly udp: Readonly<Record<Stream, UdpListeners>>;

  constructor({ channel, clock, makeAudience, smallAudience, onOut }: RoomOptions) {
    this.announcements = new Announcements(smallAudience);
    this.facts = new FactsBoard(channel, clock);
    const listeners = (): UdpListeners => new UdpListeners({ audience: makeAudience(), onOut });
    this.udp = { tracks: listeners(), programme: listeners() };
  }
}
