/** What faults of WebSockets are made of: changes to messages and closes. */
import { CLOSE } from '../../src/protocol/close-codes.ts';
import { type Fault, type Link, type Message, withEvent } from './faulty-relay.ts';

const HELLO = 0;
const DISCONNECT = 1;
const JSON_HELLO = 1;

interface JsonEvent {
  readonly t: number;
  readonly data: Record<string, unknown>;
}

export function isAudio({ data, isBinary }: Message): boolean {
  return isBinary && data[0] === 1;
}

/** Changes the content of each Hello. */
export function greeting(change: (content: Record<string, unknown>, link: Link) => void): () => Fault {
  return () => ({
    fromRelay: (message, link) => [
      withEvent(message, ({ type, content }) => {
        if (type === HELLO) change(content, link);
      }),
    ],
  });
}

export function isDisconnect({ data, isBinary }: Message): boolean {
  return isBinary && data[0] === 0 && data.includes(`"type":${DISCONNECT}`);
}

/** Closes with another code wherever the contract has this one; Disconnect says the same. */
export function closingWith(wrong: number, name: keyof typeof CLOSE): () => Fault {
  const right = CLOSE[name].code;
  return () => ({
    fromRelay: (message) => [
      withEvent(message, ({ content }) => {
        if (content['code'] === right) content['code'] = wrong;
      }),
    ],
    closeFromRelay: ([code, reason]) => [code === right ? wrong : code, reason],
  });
}

/** Swallows each message of a host, or of a listener, that is so: the relay seems to tolerate it. */
export function tolerating(of: 'host' | 'listener', isSo: (message: Message) => boolean): () => Fault {
  return () => ({
    fromClient: (message, { isHost }) => {
      return isHost === (of === 'host') && isSo(message) ? undefined : message;
    },
  });
}

/** Changes each JSON event of section 4 that the relay sends. */
export function telling(change: (event: JsonEvent, link: Link) => JsonEvent | undefined): () => Fault {
  return () => ({
    fromRelay(message, link) {
      if (message.isBinary) return [message];
      const event = change(JSON.parse(message.data.toString()) as JsonEvent, link);
      return event ? [{ data: Buffer.from(JSON.stringify(event)), isBinary: false }] : [];
    },
  });
}

/** Changes the data of each Hello of section 4. */
export function welcoming(change: (data: Record<string, unknown>, link: Link) => void): () => Fault {
  return telling((event, link) => {
    if (event.t === JSON_HELLO) change(event.data, link);
    return event;
  });
}

export function listenersOf(host: Link, links: ReadonlySet<Link>): Link[] {
  return [...links].filter(({ podcastId, isHost }) => podcastId === host.podcastId && !isHost);
}
