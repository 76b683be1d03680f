/** A client of JSON events and UDP written from PROTOCOL.md §4 alone: ws, dgram, tweetnacl, nothing of the project's own code. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import nacl from 'tweetnacl';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export interface Message {
  readonly t: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface HelloData {
  readonly podcast_id: number;
  readonly ip: string;
  readonly port: number;
  readonly secret: number[];
  readonly client_id?: number;
  readonly resume_token?: string;
  readonly resume_seconds?: number;
}

/** A UDP socket on loopback that keeps what arrives; closed when the test has finished. */
export class Ear {
  readonly socket: Socket;
  readonly datagrams: Buffer[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('message', (datagram) => this.datagrams.push(datagram));
  }

  /** @param address on Linux all of 127.0.0.0/8 is loopback, so that a test has as many addresses as it likes */
  static async open(address = '127.0.0.1', port = 0): Promise<Ear> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.bind(port, address);
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return new Ear(socket);
  }

  get port(): number {
    return this.socket.address().port;
  }

  get address(): string {
    return this.socket.address().address;
  }

  /** Resolves when so many datagrams have come altogether. */
  async heard(count: number): Promise<void> {
    while (this.datagrams.length < count) await once(this.socket, 'message');
  }

  /** What has come up to now, for certain: a datagram to oneself arrives behind all that were sent before. */
  async settled(): Promise<Buffer[]> {
    const mark = Buffer.from('the mark');
    this.socket.send(mark, this.port, this.address);
    while (!this.datagrams.some((datagram) => datagram.equals(mark))) await once(this.socket, 'message');
    return this.datagrams.filter((datagram) => !datagram.equals(mark));
  }
}

export class NaiveUdpClient {
  readonly socket: WebSocket;
  /** JSON events, in their order. */
  readonly messages: Message[] = [];
  /** Binary messages: audio, for who asked for audio=websocket. */
  readonly packets: Buffer[] = [];
  readonly ending: Promise<{ readonly code: number; readonly reason: string }>;
  #wake = Promise.withResolvers<void>();

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers });
    this.socket.on('message', (message: Buffer, isBinary) => {
      if (isBinary) this.packets.push(message);
      else this.messages.push(JSON.parse(message.toString()) as Message);
      this.#stir();
    });
    this.socket.on('error', () => undefined);
    this.ending = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#stir();
      });
    });
    onTestFinished(() => this.socket.terminate());
  }

  async hello(): Promise<HelloData> {
    return (await this.event(1)).data as unknown as HelloData;
  }

  /** The event of this code that comes as the `nth`. */
  async event(code: number, nth = 1): Promise<Message> {
    for (;;) {
      const found = this.messages.filter(({ t }) => t === code)[nth - 1];
      if (found) return found;
      await this.#next(`event ${code}`);
    }
  }

  /** The client_ids of all events of a code up to now. */
  ids(code: number): unknown[] {
    return this.messages.filter(({ t }) => t === code).map(({ data }) => data['client_id']);
  }

  async heard(packets: number): Promise<void> {
    while (this.packets.length < packets) await this.#wake.promise;
  }

  say(t: number, data: unknown): void {
    this.socket.send(JSON.stringify({ t, data }));
  }

  /** Says Connected, and waits until the relay says that this client is in. @returns its client_id */
  async connect(port: number, ip = '', cookie?: string): Promise<number> {
    const timesIn = this.#timesIn();
    this.say(2, { ip, port, cookie });
    while (this.#timesIn() === timesIn) await this.#next('ClientJoin');
    return this.ids(4)[0] as number;
  }

  /** The first ClientJoin is one's own; each further one of that id says that a further Connected was taken. */
  #timesIn(): number {
    const [own, ...others] = this.ids(4);
    return own === undefined ? 0 : 1 + others.filter((id) => id === own).length;
  }

  /** What a frame is as a datagram: nonce, then sealed. */
  async sealed(frame: string, nonce: Uint8Array = nacl.randomBytes(24)): Promise<Buffer> {
    const key = Uint8Array.from((await this.hello()).secret);
    return Buffer.concat([nonce, nacl.secretbox(Buffer.from(frame), nonce, key)]);
  }

  /** The frames in datagrams; null for one that does not open. */
  async opened(datagrams: readonly Buffer[]): Promise<(string | null)[]> {
    const key = Uint8Array.from((await this.hello()).secret);
    return datagrams.map((datagram) => {
      const frame = nacl.secretbox.open(datagram.subarray(24), datagram.subarray(0, 24), key);
      return frame && Buffer.from(frame).toString();
    });
  }

  async #next(what: string): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed before ${what}`);
    await this.#wake.promise;
  }

  #stir(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

export interface Discovered {
  readonly clientId: number;
  readonly address: string;
  readonly port: number;
  /** Hex. */
  readonly cookie: string;
}

/** Asks with Discord's packet from a socket, and reads the answer as a client of Discord does. */
export async function discover(
  from: Ear,
  relayPort: number,
  clientId: number,
  relayAddress = '127.0.0.1',
): Promise<Discovered> {
  const request = Buffer.alloc(74);
  request.writeUInt16BE(1, 0);
  request.writeUInt16BE(70, 2);
  request.writeUInt32BE(clientId, 4);
  const answered = once(from.socket, 'message');
  from.socket.send(request, relayPort, relayAddress);
  const [answer] = (await answered) as [Buffer];
  if (answer.length !== 74 || answer.readUInt16BE(0) !== 2 || answer.readUInt16BE(2) !== 70) {
    throw new Error(`no discovery answer: ${answer.toString('hex')}`);
  }
  from.datagrams.splice(from.datagrams.indexOf(answer), 1);
  return {
    clientId: answer.readUInt32BE(4),
    address: answer.subarray(8, answer.indexOf(0, 8)).toString(),
    port: answer.readUInt16BE(72),
    cookie: answer.subarray(56, 72).toString('hex'),
  };
}
