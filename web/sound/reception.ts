/** Receives a podcast: from the relay's messages to each speaker's packets in the clear, and the state that a listener is in. */
import { ForeignSource } from '../../src/audio/foreign-source.ts';
import { type JsonEvent, readJsonEvent } from '../../src/protocol/json-events.ts';
import { readRtpMetadata } from '../../src/protocol/nonce.ts';
import { readPacket } from '../../src/protocol/packet.ts';
import type { PodcastFacts } from '../../src/protocol/podcast-facts.ts';
import { open } from '../../src/protocol/sealing.ts';
import { RelayConnection } from './relay-connection.ts';
import type { SoundState } from './sound.ts';
import type { ReceivedPacket } from './decoded-packet.ts';

export interface ReceptionHandlers {
  readonly onPacket: (packet: ReceivedPacket) => void;
  readonly onRetracted: (ssrc: number) => void;
  readonly onState: (state: SoundState) => void;
  readonly onPodcast: (facts: PodcastFacts) => void;
}

const STATES = { created: 'waiting', live: 'playing', interrupted: 'interrupted' } as const;
/** The one speaker of a host whose packets name none. */
const FOREIGN_SSRC = 0;

export class Reception {
  /** Messages that were of no use: not of the contract, or not of this podcast's key. */
  unread = 0;
  /** When the relay was heard last, ms of `performance.now()`; also that it took the connection. */
  lastHeardMs = performance.now();
  readonly #connection: RelayConnection;
  readonly #handlers: ReceptionHandlers;
  readonly #foreign = new ForeignSource(FOREIGN_SSRC);
  #key: Uint8Array | undefined;
  #state: SoundState = 'connecting';

  /** @param url `ws://…/listen?…`, with the key of a private podcast in it */
  constructor(url: string, handlers: ReceptionHandlers) {
    this.#handlers = handlers;
    this.#connection = new RelayConnection(url, {
      onOpen: () => (this.lastHeardMs = performance.now()),
      onMessage: (data) => this.#read(data),
      onLost: () => {
        this.#key = undefined;
        // Who has never been in is still connecting.
        if (this.#state !== 'connecting') this.#become('reconnecting');
      },
      onOver: (state) => this.#become(state),
    });
  }

  get isOpen(): boolean {
    return this.#connection.isOpen;
  }

  /** The network is back. */
  hasten(): void {
    this.#connection.hasten();
  }

  /** The connection is dead, or what is in it is out of date. */
  renew(): void {
    this.#connection.renew();
  }

  #read(data: string | Uint8Array): void {
    this.lastHeardMs = performance.now();
    try {
      if (typeof data === 'string') this.#hear(readJsonEvent(data));
      else this.#open(data);
    } catch {
      // One message of nonsense is no reason to go: the next one may be none.
      this.unread += 1;
    }
  }

  #hear(event: JsonEvent | undefined): void {
    if (event?.type === 'hello') this.#key = event.secret;
    if (event?.type === 'retract') this.#handlers.onRetracted(event.ssrc);
    if (event?.type !== 'podcast') return;
    this.#handlers.onPodcast(event.facts);
    this.#become(STATES[event.facts.state]);
  }

  #open(message: Uint8Array): void {
    const packet = readPacket(message);
    const opus =
      packet.kind === 'audio' && this.#key ? open(packet.sealed, packet.nonce, this.#key) : undefined;
    if (packet.kind !== 'audio' || !opus) {
      this.unread += 1;
      return;
    }
    // Until the relay says more.
    if (this.#state === 'connecting' || this.#state === 'reconnecting') this.#become('playing');
    const rtp = readRtpMetadata(packet.nonce);
    const placed = rtp ? { ...rtp, opus } : this.#foreign.place(opus, this.lastHeardMs);
    // By the clock that the page has, too: what browsers call a worker's time origin may be off by 100 ms.
    this.#handlers.onPacket({ ...placed, arrivedMs: Date.now() });
  }

  #become(state: SoundState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#handlers.onState(state);
  }
}
