/** Listens to a podcast: opens each sealed frame and says where it stands in its speaker's stream (protocol.md §3, §4). */
import { EventEmitter } from 'node:events';
import { type RtpMetadata, readRtpMetadata } from '../protocol/nonce.ts';
import type { PodcastFacts } from '../protocol/podcast-facts.ts';
import { open } from '../protocol/sealing.ts';
import { EventsReception } from './events-reception.ts';
import { relayAddress } from './relay-address.ts';
import { type AudioPacket, readPacketMessage } from './relay-message.ts';
import { type Ending, RelaySocket } from './relay-socket.ts';
import { type Account, accountHeaders } from './rest-client.ts';
import type { UdpTimings } from './udp-audio.ts';

export interface PodcastListenerOptions {
  /** The relay's address, such as `http://127.0.0.1:8080`. */
  readonly relay: string;
  readonly podcastId: number;
  /** Opens a private podcast. */
  readonly listenKey?: string;
  /** Whose account this is: the host's opens its own private podcast without the key, anyone's may `setGuilds`. */
  readonly account?: Account;
  /** How audio comes; `udp` falls back to `websocket` where UDP does not get through. */
  readonly audio?: 'websocket' | 'udp';
  /** `tracks`, the default: each speaker's own frames. `programme`: one stream of all of them, a frame every 20 ms. */
  readonly stream?: 'tracks' | 'programme';
  readonly udpTimings?: UdpTimings;
}

/** A connection by which audio comes, until it is closed. */
interface Reception {
  readonly audio: 'websocket' | 'udp';
  setGuilds?(guilds: number): void;
  close(): Promise<unknown>;
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
  /** The host takes back what was heard of this SSRC and has not been played yet: it is not to be played. */
  retracted: [ssrc: number];
  /** What is to be known of it, at first and when it changes; not with `stream: 'tracks'` over WebSocket, and not from every relay. */
  podcast: [facts: PodcastFacts];
  /** The podcast is over, or this connection to it. */
  ended: [ending: Ending];
}

const GIVE_UP_AFTER_MS = 60_000;

export class PodcastListener extends EventEmitter<ListenerEvents> {
  /** Packets that did not open under the podcast's key. */
  unopened = 0;
  readonly #reception: Reception;
  #key: Uint8Array | undefined;

  constructor(options: PodcastListenerOptions) {
    super();
    const { podcastId, audio = 'websocket', stream = 'tracks', udpTimings } = options;
    const { socketUrl } = relayAddress(options.relay);
    const headers: Record<string, string> = options.account ? accountHeaders(options.account) : {};
    // As a header, because addresses end up in the logs of proxies.
    if (options.listenKey) headers['listen_key'] = options.listenKey;
    const handlers = {
      giveUpAfterMs: () => GIVE_UP_AFTER_MS,
      onAudio: (packet: AudioPacket) => this.#hear(packet),
      onInterrupted: (why: string) => this.emit('interrupted', why),
      onEnded: (ending: Ending) => this.emit('ended', ending),
    };
    const onListening = (key: Uint8Array): void => {
      this.#key = key;
      this.emit('listening');
    };
    const onRetracted = (ssrc: number): void => void this.emit('retracted', ssrc);
    if (audio === 'udp' || stream === 'programme') {
      const url = `${socketUrl}/listen?id=${podcastId}&stream=${stream}&events=all`;
      const timings = udpTimings;
      this.#reception = new EventsReception({
        ...handlers,
        url,
        headers,
        audio,
        timings,
        onListening,
        onRetracted,
        onFacts: (facts) => void this.emit('podcast', facts),
      });
      return;
    }
    const url = `${socketUrl}/?id=${podcastId}&events=all`;
    const socket = new RelaySocket({
      ...handlers,
      request: () => ({ url, headers }),
      read: readPacketMessage,
      onHello: ({ secretKey }) => onListening(secretKey),
      onEvent: (event) => {
        if (event.type === 'retract') onRetracted(event.ssrc);
      },
    });
    this.#reception = { audio: 'websocket', close: () => socket.close() };
  }

  /** How audio comes now. */
  get audio(): 'websocket' | 'udp' {
    return this.#reception.audio;
  }

  /**
   * This connection plays into so many Discord guilds: the relay counts them as its listeners. Remembered across drops.
   * Takes an account.
   * @throws Error where it cannot be told: with `stream: 'tracks'` over WebSocket
   */
  setGuilds(guilds: number): void {
    if (!this.#reception.setGuilds) throw new Error('Guilds are counted of a programme, or over UDP.');
    this.#reception.setGuilds(guilds);
  }

  async close(): Promise<void> {
    await this.#reception.close();
  }

  #hear({ nonce, sealed }: AudioPacket): void {
    const opus = this.#key && open(sealed, nonce, this.#key);
    if (opus) this.emit('frame', { opus, rtp: readRtpMetadata(nonce) });
    else this.unopened += 1;
  }
}
