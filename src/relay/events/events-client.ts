/** One WebSocket of the events lane: sends JSON events, and bounds what its reader may owe. */
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import { type JsonEvent, readJsonEvent, writeJsonEvent } from '../../protocol/json-events.ts';
import type { Arrival } from '../peer-server.ts';
import type { PeerSocket } from '../peer-socket.ts';
import type { Occupant } from './announcements.ts';

/** Also what comes as bytes. */
const AS_TEXT = { binary: false };

export class EventsClient implements Occupant {
  readonly isHost: boolean;
  readonly #peer: PeerSocket;
  readonly #socket: Duplex;
  readonly #queueMaxBytes: number;

  constructor({ peer, socket }: Arrival, isHost: boolean, queueMaxBytes: number) {
    this.#peer = peer;
    this.#socket = socket;
    this.isHost = isHost;
    this.#queueMaxBytes = queueMaxBytes;
    peer.sayFarewell = (close) => {
      if (close === CLOSE.senderDisconnected) this.tell(writeJsonEvent({ type: 'end' }));
    };
  }

  get clientId(): number {
    return this.#peer.clientId;
  }

  /** @param events JSON; what many are told may come as UTF-8, so that it is encoded once */
  tell(...events: (string | Buffer)[]): void {
    if (this.#peer.readyState !== WebSocket.OPEN) return;
    if (this.#peer.bufferedAmount > this.#queueMaxBytes) {
      const owed = `${this.#queueMaxBytes} bytes of events unread: that is the most`;
      this.#peer.dismiss(CLOSE.tooSlow, `This client leaves more than ${owed}.`);
      return;
    }
    // In one system call: a host that comes to thousands of listeners is told of all at once.
    this.#socket.cork();
    for (const event of events) this.#peer.send(event, AS_TEXT);
    this.#socket.uncork();
  }
}

/** What a client may say; who may say which is its lane's to know. */
const CLIENT_EVENTS = ['connected', 'retract', 'guilds', 'speakers'] as const;
type ClientEvent = Extract<JsonEvent, { type: (typeof CLIENT_EVENTS)[number] }>;

/**
 * An event that a client sends; undefined for one that a later version of the contract may know.
 * @throws ContractError (4002)
 */
export function readClientEvent(message: Buffer, isBinary: boolean): ClientEvent | undefined {
  if (isBinary) throw invalid('This is a binary message: a client sends JSON events as text.');
  const event = readJsonEvent(message.toString());
  if (!event) return undefined;
  if (isOfClient(event)) return event;
  throw invalid('This is an event that a relay sends: a client sends Connected, which is 2.');
}

function isOfClient(event: JsonEvent): event is ClientEvent {
  return CLIENT_EVENTS.some((type) => type === event.type);
}

function invalid(sentence: string): ContractError {
  return new ContractError(CLOSE.invalidPayload, sentence);
}
