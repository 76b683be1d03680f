/** The clients of the events lane in one podcast: who hears of whom, and who of them hears which stream over UDP. */
import type { Stream } from '../channel.ts';
import type { Audience } from '../udp/datagram-sender.ts';
import { Announcements } from './announcements.ts';
import { UdpListeners } from './udp-listeners.ts';

export interface RoomOptions {
  readonly makeAudience: () => Audience;
  readonly smallAudience: number;
  /** So many packets are due to listeners. */
  readonly onOut: (packets: number) => void;
}

export class Room {
  readonly announcements: Announcements;
  /** Each a sink of its stream. */
  readonly udp: Readonly<Record<Stream, UdpListeners>>;

  constructor({ makeAudience, smallAudience, onOut }: RoomOptions) {
    this.announcements = new Announcements(smallAudience);
    const listeners = (): UdpListeners => new UdpListeners({ audience: makeAudience(), onOut });
    this.udp = { tracks: listeners(), programme: listeners() };
  }
}
