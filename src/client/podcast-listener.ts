/** Listens to a podcast: opens each sealed frame and says where it stands in its speaker's stream (protocol.md §3). */
import { EventEmitter } from 'node:events';
import { type RtpMetadata, readRtpMetadata } from '../protocol/nonce.ts';
import type { Packet } from '../protocol/packet.ts';
import { open } from '../protocol/sealing.ts';
import { relayAddress } from './relay-address.ts';
import { type Ending, RelaySocket } from './relay-socket.ts';
import { type Account, accountHeaders } from './rest-client.ts';

export interface PodcastListenerOptions {
  /** The relay's address, such as `http://127.0.0.1:8080`. */
  readonly relay: string;
  readonly podcastId: number;
  /** Opens a private podcast. */
  readonly listenKey?: string;
  /** Only the host's account opens its own private podcast without the key. */
  readonly account?: Account;
}

export interface HeardFrame {
  /** The Opus frame, byte for byte what the host sealed. */
  readonly opus: Uint8Array;
  /** Undefined when the host writes nonces of its own: then it is one source, in order of arrival. */
  readonly rtp: RtpMetadata | undefined;
}

interface ListenerEvents {
  /** Connected: after the first connection and after each one that followed a drop. */
  listening: [];
  frame: [frame: HeardFrame];
  interrupted: [why: string];
  /** The podcast is over, or this connection to it. */
  ended: [ending: Ending];
}

const GIVE_UP_AFTER_MS = 60_000;

export class PodcastListener extends EventEmitter<ListenerEvents> {
  /** Packets that did not open under the podcast's key. */
  unopened = 0;
  readonly #socket: RelaySocket;
  #key: Uint8Array | undefined;

  constructor(options: PodcastListenerOptions) {
    super();
    const { socketUrl } = relayAddress(options.relay);
    const url = `${socketUrl}/?id=${options.podcastId}&events=all`;
    const headers: Record<string, string> = options.account ? accountHeaders(options.account) : {};
    // As a header, because addresses end up in the logs of proxies.
    if (options.listenKey) headers['listen_key'] = options.listenKey;
    this.#socket = new RelaySocket({
      request: () => ({ url, headers }),
      giveUpAfterMs: () => GIVE_UP_AFTER_MS,
      onHello: ({ secretKey }) => {
        this.#key = secretKey;
        this.emit('listening');
      },
      onAudio: (packet) => this.#hear(packet),
      onInterrupted: (why) => this.emit('interrupted', why),
      onEnded: (ending) => this.emit('ended', ending),
    });
  }

  async close(): Promise<void> {
    await this.#socket.close();
  }

  #hear({ nonce, sealed }: Extract<Packet, { kind: 'audio' }>): void {
    const opus = this.#key && open(sealed, nonce, this.#key);
    if (opus) this.emit('frame', { opus, rtp: readRtpMetadata(nonce) });
    else this.unopened += 1;
  }
}
