/** A WebSocket that keeps everything that comes, in order and byte for byte, and judges nothing by itself. */
import { WebSocket } from 'ws';
import { Broken, must, quoted } from './check.ts';
import { isAudio, readEvent, readKey, SealingKey } from './wire.ts';

/** Of section 4: it may come at any time behind Hello, from a relay that has this addition. */
const PODCAST = 8;

type Incoming =
  | { readonly kind: 'binary'; readonly bytes: Buffer }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  /** The upgrade was answered with this status, or 0 when the connection failed. */
  | { readonly kind: 'refused'; readonly status: number };

export interface Hello {
  readonly key: SealingKey;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface TextEvent {
  readonly t: unknown;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How a socket ended: the events before it, and its close code. */
export interface Ending {
  readonly events: readonly { readonly type: unknown; readonly content: Readonly<Record<string, unknown>> }[];
  readonly code: number;
  readonly came: string;
}

export class ProbeSocket {
  readonly #socket: WebSocket;
  readonly #signal: AbortSignal;
  readonly #inbox: Incoming[] = [];
  /** An ending is also the last thing that comes, however often one asks. */
  #isOver = false;
  #waiting: (() => void)[] = [];

  /** @param signal ends every wait: whoever waits then is told what did not come */
  constructor(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.#signal = signal;
    const socket = new WebSocket(url, { headers, perMessageDeflate: true, skipUTF8Validation: true });
    this.#socket = socket;
    socket.on('message', (bytes: Buffer, isBinary) => {
      this.#take(isBinary ? { kind: 'binary', bytes } : { kind: 'text', text: bytes.toString() });
    });
    socket.on('close', (code, reason) => this.#take({ kind: 'close', code, reason: reason.toString() }));
    socket.on('unexpected-response', (_request, response) => {
      response.destroy();
      this.#take({ kind: 'refused', status: response.statusCode ?? 0 });
    });
    // Before it is open a 'close' follows that tells nothing more; after that, one with the code.
    socket.on('error', () => undefined);
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** The extensions that the relay agreed to. */
  get extensions(): string {
    return this.#socket.extensions;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** What came next. @param awaited for the sentence when nothing comes. @throws Broken */
  async next(awaited: string): Promise<Incoming> {
    for (;;) {
      if (this.#signal.aborted) throw new Broken(awaited, 'nothing came in time');
      const [incoming] = this.#inbox;
      if (incoming) {
        if (!isEnding(incoming)) this.#inbox.shift();
        return incoming;
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** The event Hello, before anything else. @throws Broken */
  async hello(): Promise<Hello> {
    return this.#helloIn(await this.next('Hello'));
  }

  /** Hello; or, where the relay closes instead, how. @throws Broken */
  async helloOrEnding(): Promise<Hello | Ending> {
    const incoming = await this.next('Hello');
    if (incoming.kind === 'binary' && readEvent(incoming.bytes)?.type === 0) return this.#helloIn(incoming);
    return this.ending('Hello or a close code');
  }

  #helloIn(incoming: Incoming): Hello {
    const event = incoming.kind === 'binary' ? readEvent(incoming.bytes) : undefined;
    must(event?.type === 0, 'Hello', cameOf(incoming));
    const key = readKey(event.content['secretKey']);
    must(key !== undefined, 'a Hello with a secretKey of 32 bytes', cameOf(incoming));
    return { key: new SealingKey(key), content: event.content };
  }

  /** The next audio, whatever events come before it. @throws Broken */
  async audio(): Promise<Buffer> {
    for (;;) {
      const incoming = await this.next('audio');
      if (incoming.kind === 'binary' && isAudio(incoming.bytes)) return incoming.bytes;
      must(incoming.kind === 'binary', 'audio', cameOf(incoming));
    }
  }

  /** The next JSON text `{"t": code, "data": {…}}` (protocol.md §4) that is no Podcast. @throws Broken */
  async textEvent(awaited: string): Promise<TextEvent> {
    for (;;) {
      const event = await this.anyTextEvent(awaited);
      if (event.t !== PODCAST) return event;
    }
  }

  /** The next JSON text, whatever its code. @throws Broken */
  async anyTextEvent(awaited: string): Promise<TextEvent> {
    const incoming = await this.next(awaited);
    must(incoming.kind === 'text', awaited, cameOf(incoming));
    try {
      const { t, data } = JSON.parse(incoming.text) as { t: unknown; data: unknown };
      if (typeof data === 'object' && data !== null) return { t, data: data as Record<string, unknown> };
    } catch {
      // Said below: what came is quoted there.
    }
    throw new Broken(awaited, cameOf(incoming));
  }

  /** The end of this socket, and the events that came before it. @throws Broken */
  async ending(awaited: string): Promise<Ending> {
    const events = [];
    for (;;) {
      const incoming = await this.next(awaited);
      if (incoming.kind === 'close') return { events, code: incoming.code, came: cameOf(incoming) };
      must(incoming.kind !== 'refused', awaited, cameOf(incoming));
      const event = incoming.kind === 'binary' ? readEvent(incoming.bytes) : undefined;
      if (event) events.push(event);
    }
  }

  /** @throws Broken unless the relay closes it with this code */
  async mustClose(code: number): Promise<void> {
    const awaited = `the close code ${code}`;
    const ending = await this.ending(awaited);
    must(ending.code === code, awaited, ending.came);
  }

  /** Binary for bytes, text for a string. */
  send(message: Uint8Array | string): void {
    this.#socket.send(message, { compress: false });
  }

  /** Closes it in good order; resolves when the relay has agreed, or the time is up. */
  async leave(code?: number, signal = this.#signal): Promise<void> {
    this.#socket.close(code);
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!this.#isOver && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** Breaks it off as a network does: without a word of WebSocket. */
  drop(): void {
    this.#socket.terminate();
  }

  #take(incoming: Incoming): void {
    if (this.#isOver) return;
    this.#isOver = isEnding(incoming);
    this.#inbox.push(incoming);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

function isEnding({ kind }: Incoming): boolean {
  return kind === 'close' || kind === 'refused';
}

/** What came, as the second half of a sentence. */
export function cameOf(incoming: Incoming): string {
  if (incoming.kind === 'text') return `the text message ${quoted(incoming.text)} came`;
  if (incoming.kind === 'close') {
    return `the socket was closed with ${incoming.code} ${quoted(incoming.reason)}`;
  }
  if (incoming.kind === 'refused') return `the upgrade was answered with status ${incoming.status}`;
  const { bytes } = incoming;
  return isAudio(bytes)
    ? `audio of ${bytes.length} bytes came`
    : `the event ${quoted(bytes.subarray(1).toString())} came`;
}
