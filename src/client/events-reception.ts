/** Listens with JSON events and audio over UDP, or over the same WebSocket where that is wanted or UDP does not get through (protocol.md §4). */
import { type JsonEvent, type JsonHello, writeJsonEvent } from '../protocol/json-events.ts';
import { NONCE_BYTES } from '../protocol/packet.ts';
import type { PodcastFacts } from '../protocol/podcast-facts.ts';
import { ReplayWindow } from '../protocol/replay-window.ts';
import { readEventMessage } from './relay-message.ts';
import { RelaySocket, type RelaySocketOptions } from './relay-socket.ts';
import { UDP_TIMINGS, UdpAudio, type UdpTimings } from './udp-audio.ts';

/** A relay takes few events a second: of guilds that come and go at once it is told the sum. */
const GUILDS_PAUSE_MS = 500;

/** How far back a datagram is known that a network delivered twice: 7 s of three speakers. */
const DUPLICATES_PACKETS = 1024;

export interface EventsReceptionOptions extends Pick<
  RelaySocketOptions<JsonHello>,
  'giveUpAfterMs' | 'onAudio' | 'onInterrupted' | 'onEnded'
> {
  /** Of `/listen`, with its query. */
  readonly url: string;
  readonly headers: Record<string, string>;
  /** Audio comes from now on, sealed with this key; again after each drop. */
  readonly onListening: (key: Uint8Array) => void;
  /** What was said by this speaker and has not been played is not to be heard. */
  readonly onRetracted: (ssrc: number) => void;
  /** What is to be known of the podcast, also before audio comes; a relay may say nothing of it. */
  readonly onFacts: (facts: PodcastFacts) => void;
  /** How audio is to come at first. */
  readonly audio: 'udp' | 'websocket';
  readonly timings?: UdpTimings | undefined;
}

export class EventsReception {
  /** Where audio comes, or is to come. Once it had to be `websocket`, it stays so. */
  audio: 'udp' | 'websocket';
  readonly #options: EventsReceptionOptions;
  readonly #timings: UdpTimings;
  readonly #socket: RelaySocket<JsonHello>;
  readonly #seen = new ReplayWindow(DUPLICATES_PACKETS);
  /** The key of a connection that audio does not come by yet. */
  #awaitingKey: Uint8Array | undefined;
  #udp: UdpAudio | undefined;
  /** How many guilds this connection plays into; undefined for one that is itself a listener. */
  #guilds: number | undefined;
  #guildsSaid: number | undefined;
  /** Until it runs out, nothing is said of guilds again. */
  #guildsPause: NodeJS.Timeout | undefined;
  /** Runs out when audio has not been confirmed by then. */
  #patience: NodeJS.Timeout | undefined;

  constructor(options: EventsReceptionOptions) {
    this.#options = options;
    this.audio = options.audio;
    this.#timings = options.timings ?? UDP_TIMINGS;
    const { url, headers, giveUpAfterMs, onAudio, onInterrupted, onEnded } = options;
    this.#socket = new RelaySocket({
      request: () => ({ url: this.audio === 'udp' ? url : `${url}&audio=websocket`, headers }),
      read: readEventMessage,
      giveUpAfterMs,
      onAudio,
      onHello: (hello) => this.#begin(hello),
      onEvent: (event) => this.#heed(event),
      onInterrupted: (why) => {
        // Turned away before audio came, by 4007 for instance: the next connection asks for what always works.
        if (this.#patience) this.audio = 'websocket';
        this.#stop();
        onInterrupted(why);
      },
      onEnded: (ending) => {
        this.#stop();
        onEnded(ending);
      },
    });
  }

  /** The relay counts this connection as so many listeners, in place of itself; after each drop again. */
  setGuilds(guilds: number): void {
    this.#guilds = guilds;
    if (!this.#guildsPause) this.#sayGuilds();
  }

  async close(): Promise<void> {
    clearTimeout(this.#guildsPause);
    this.#stop();
    await this.#socket.close();
  }

  #begin({ ip, port, secret, additions }: JsonHello): void {
    this.#stop();
    this.#awaitingKey = secret;
    this.#guildsSaid = undefined;
    this.#sayGuilds();
    if (this.audio === 'websocket') return;
    this.#patience = setTimeout(() => this.#fallBack(), this.#timings.giveUpMs);
    this.#udp = new UdpAudio({
      ip,
      port,
      clientId: additions?.clientId ?? 0,
      timings: this.#timings,
      onAddress: ({ address, port: own, cookie }) => {
        const connected = { ip: address, port: own, cookie: Buffer.from(cookie).toString('hex') };
        this.#socket.send(writeJsonEvent({ type: 'connected', ...connected }));
      },
      onDatagram: (datagram) => this.#hear(datagram),
    });
  }

  #sayGuilds(): void {
    clearTimeout(this.#guildsPause);
    this.#guildsPause = undefined;
    if (this.#guilds === this.#guildsSaid || this.#guilds === undefined) return;
    this.#guildsSaid = this.#guilds;
    this.#socket.send(writeJsonEvent({ type: 'guilds', guilds: this.#guilds }));
    this.#guildsPause = setTimeout(() => this.#sayGuilds(), GUILDS_PAUSE_MS);
    this.#guildsPause.unref();
  }

  /** The first ClientJoin is one's own: audio comes. */
  #heed(event: JsonEvent): void {
    if (event.type === 'retract') this.#options.onRetracted(event.ssrc);
    if (event.type === 'podcast') this.#options.onFacts(event.facts);
    const key = this.#awaitingKey;
    if (event.type !== 'client-join' || !key) return;
    this.#awaitingKey = undefined;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#options.onListening(key);
  }

  /** Whether a datagram is audio shows when it is opened; whatever is no nonce and a little more cannot be. */
  #hear(datagram: Buffer): void {
    const nonce = datagram.subarray(0, NONCE_BYTES);
    if (datagram.length <= NONCE_BYTES || !this.#seen.accept(nonce)) return;
    this.#options.onAudio({ kind: 'audio', nonce, sealed: datagram.subarray(NONCE_BYTES) });
  }

  #fallBack(): void {
    this.audio = 'websocket';
    this.#stop();
    this.#socket.restart();
  }

  #stop(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#udp?.close();
    this.#udp = undefined;
  }
}
