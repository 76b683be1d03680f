/** A UDP socket that keeps every datagram, and knows how to ask for its own address (PROTOCOL.md §4). */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { Broken, must } from './check.ts';
import { shown } from './wire.ts';

//  0          2            4               8                     56             72         74
//  +----------+------------+---------------+---------------------+--------------+----------+
//  | type u16 | length u16 | client_id u32 | address, then NULs  | cookie       | port u16 |
//  +----------+------------+---------------+---------------------+--------------+----------+
const DISCOVERY_BYTES = 74;
const LENGTH = 70;
const REQUEST = 1;
const ANSWER = 2;
const CLIENT_ID_OFFSET = 4;
const ADDRESS_OFFSET = 8;
const COOKIE_OFFSET = 56;
const PORT_OFFSET = 72;

/** UDP may lose anything: what is unanswered for so long is said again. */
const AGAIN_MS = 250;

export interface SeenAddress {
  readonly ip: string;
  readonly port: number;
  /** 32 hex digits. */
  readonly cookie: string;
}

export class UdpProbe {
  readonly #socket: Socket;
  readonly #relay: { readonly ip: string; readonly port: number };
  readonly #signal: AbortSignal;
  readonly #inbox: Buffer[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: Socket, relay: { ip: string; port: number }, signal: AbortSignal) {
    this.#socket = socket;
    this.#relay = relay;
    this.#signal = signal;
    // What the network says of a port that is closed concerns no check.
    socket.on('error', () => undefined);
    socket.on('message', (datagram) => {
      this.#inbox.push(datagram);
      this.#wake();
    });
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** @param relay where its UDP socket is */
  static async open(relay: { ip: string; port: number }, signal: AbortSignal): Promise<UdpProbe> {
    const socket = createSocket(isIPv6(relay.ip) ? 'udp6' : 'udp4');
    socket.bind();
    await once(socket, 'listening');
    return new UdpProbe(socket, relay, signal);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }

  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.#relay.port, this.#relay.ip);
  }

  /** The next datagram that is no answer to a discovery; `say` is said until it comes. @throws Broken */
  async audio(say: () => void): Promise<Buffer> {
    for (;;) {
      const datagram = await this.#next('a datagram of audio', say);
      if (datagram.length !== DISCOVERY_BYTES || datagram.readUInt16BE(0) !== ANSWER) return datagram;
    }
  }

  /** What the relay says where this socket is. @throws Broken */
  async discover(clientId: number): Promise<SeenAddress> {
    const request = Buffer.alloc(DISCOVERY_BYTES);
    request.writeUInt16BE(REQUEST, 0);
    request.writeUInt16BE(LENGTH, 2);
    request.writeUInt32BE(clientId, CLIENT_ID_OFFSET);
    const awaited = `an answer of ${DISCOVERY_BYTES} bytes to the discovery`;
    const answer = await this.#next(awaited, () => this.send(request));
    const isAnswer =
      answer.length === DISCOVERY_BYTES &&
      answer.readUInt16BE(0) === ANSWER &&
      answer.readUInt16BE(2) === LENGTH &&
      answer.readUInt32BE(CLIENT_ID_OFFSET) === clientId;
    must(isAnswer, `${awaited}: type 2, length 70, the client_id`, `${shown(answer)} came`);
    const [ip = ''] = answer.subarray(ADDRESS_OFFSET, COOKIE_OFFSET).toString().split('\0');
    const cookie = answer.subarray(COOKIE_OFFSET, PORT_OFFSET).toString('hex');
    return { ip, port: answer.readUInt16BE(PORT_OFFSET), cookie };
  }

  async #next(awaited: string, say: () => void): Promise<Buffer> {
    for (;;) {
      const datagram = this.#inbox.shift();
      if (datagram) return datagram;
      if (this.#signal.aborted) throw new Broken(awaited, 'nothing came in time');
      say();
      await new Promise<void>((resolve) => {
        const again = setTimeout(resolve, AGAIN_MS);
        this.#wake = () => {
          clearTimeout(again);
          resolve();
        };
      });
    }
  }
}
