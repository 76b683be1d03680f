/** A listener's UDP socket that remembers what came, and packets to send to it. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** So that no test loses a datagram for want of room. */
const BUFFER_BYTES = 4 << 20;
const NONCE_BYTES = 24;

export class UdpReceiver {
  readonly datagrams: Buffer[] = [];
  /** The ports that they came from. */
  readonly sources = new Set<number>();
  readonly #socket: Socket;
  #arrived: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (datagram, { port }) => {
      this.datagrams.push(datagram);
      this.sources.add(port);
      this.#arrived?.();
    });
  }

  static async open(host = '127.0.0.1'): Promise<UdpReceiver> {
    const type = host.includes(':') ? 'udp6' : 'udp4';
    const socket = createSocket({ type, recvBufferSize: BUFFER_BYTES });
    socket.bind(0, host);
    await once(socket, 'listening');
    return new UdpReceiver(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get sequences(): number[] {
    return this.datagrams.map((datagram) => datagram.readUInt16BE(2));
  }

  /** Waits for so many datagrams in all; a test that waits in vain runs into its timeout. */
  async until(count: number): Promise<void> {
    while (this.datagrams.length < count) await this.#next();
  }

  /** Waits until the last that came is this text, and forgets it. */
  async untilText(text: string): Promise<void> {
    while (this.datagrams.at(-1)?.toString() !== text) await this.#next();
    this.datagrams.pop();
  }

  send(datagram: Uint8Array, port: number, host = '127.0.0.1'): void {
    this.#socket.send(datagram, port, host);
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #next(): Promise<void> {
    return new Promise((resolve) => (this.#arrived = resolve));
  }
}

/** A datagram whose nonce is one that our senders write. */
export function audioDatagram(ssrc: number, sequence: number, bytes: number): Buffer {
  const datagram = Buffer.alloc(bytes, sequence);
  datagram.fill(0, 0, NONCE_BYTES);
  datagram.writeUInt16BE(0x8078);
  datagram.writeUInt16BE(sequence, 2);
  datagram.writeUInt32BE(ssrc, 8);
  return datagram;
}
