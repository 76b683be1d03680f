/** A client written from PROTOCOL.md alone: plain WebSocket, tweetnacl and fetch, nothing of the project's own code. */
import nacl from 'tweetnacl';
import { WebSocket } from 'ws';

/** 2022: clientId, token. 2023: client_id, client_secret. */
export type Generation = 2022 | 2023;

export function accountHeaders(generation: Generation, id: string, secret: string): Record<string, string> {
  return generation === 2022 ? { clientId: id, token: secret } : { client_id: id, client_secret: secret };
}

/** Any REST call; the body is parsed when it is JSON. */
export async function call(
  url: string,
  method: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const answer = await fetch(url, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

/** POST /podcast. */
export async function makePodcast(
  url: string,
  headers: Record<string, string>,
  about?: unknown,
): Promise<Podcast> {
  const { body } = await call(`${url}/podcast`, 'POST', headers, about);
  return body as Podcast;
}

export interface Podcast {
  readonly id: number;
  readonly ip: string;
  readonly port: number;
  readonly active_since: number | null;
  readonly activeSince: number | null;
  readonly url: string;
  readonly listeners: number;
  readonly listen_key?: string;
}

interface Hello {
  readonly secretKey: number[];
  readonly client_id?: number;
  readonly podcast_id?: number;
  readonly resume_token?: string;
  readonly resume_seconds?: number;
}

export interface Ending {
  readonly code: number;
  readonly reason: string;
  /** The Disconnect event before the close, if there was one. */
  readonly disconnect: { readonly code: number; readonly reason: string } | undefined;
}

/** What both a host and a listener are: a socket that says Hello, brings audio and ends. */
export class NaiveClient {
  readonly socket: WebSocket;
  readonly hello: Promise<Hello>;
  readonly ending: Promise<Ending>;
  /** Audio packets as they came, prefix byte and all. */
  readonly packets: Buffer[] = [];
  /** SSRCs of Retract, each with the number of packets that had come before. */
  readonly retracted: { readonly ssrc: number; readonly behind: number }[] = [];
  #key = new Uint8Array(32);
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    let disconnect: Ending['disconnect'];
    const hello = Promise.withResolvers<Hello>();
    // A test that expects a refusal never looks at Hello.
    hello.promise.catch(() => undefined);
    this.hello = hello.promise;
    this.socket.on('message', (message: Buffer) => {
      if (message[0] === 1) return this.#takeAudio(message);
      const event = JSON.parse(message.subarray(1).toString()) as { type: number; content: unknown };
      if (event.type === 1) disconnect = event.content as Ending['disconnect'];
      if (event.type === 2) {
        const { ssrc } = event.content as { ssrc: number };
        this.retracted.push({ ssrc, behind: this.packets.length });
      }
      if (event.type !== 0) return;
      const content = event.content as Hello;
      this.#key = Uint8Array.from(content.secretKey);
      hello.resolve(content);
    });
    this.ending = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        hello.reject(new Error(`closed with ${code} ${String(reason)} before Hello`));
        resolve({ code, reason: String(reason), disconnect });
      });
    });
    this.socket.on('error', () => undefined);
  }

  /** Seals a frame as a host does and sends it. */
  sendFrame(opus: Uint8Array, nonce: Uint8Array = nacl.randomBytes(24)): void {
    this.socket.send(Buffer.concat([Buffer.of(1), nonce, nacl.secretbox(opus, nonce, this.#key)]));
  }

  /** Sends `0 ‖ JSON`. */
  sendEvent(type: number, content: unknown): void {
    this.socket.send(Buffer.concat([Buffer.of(0), Buffer.from(JSON.stringify({ type, content }))]));
  }

  /** Resolves when so many audio packets have come altogether. */
  heard(count: number): Promise<void> {
    if (this.packets.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  /** The frames that were heard, opened; null for one that does not open. */
  frames(): (string | null)[] {
    return this.packets.map((packet) => {
      const opus = nacl.secretbox.open(packet.subarray(25), packet.subarray(1, 25), this.#key);
      return opus && Buffer.from(opus).toString();
    });
  }

  #takeAudio(packet: Buffer): void {
    this.packets.push(packet);
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.packets.length < count) return true;
      resolve();
      return false;
    });
  }
}
