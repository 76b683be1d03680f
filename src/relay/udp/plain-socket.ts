/** The relay's UDP socket by node:dgram alone: one system call a datagram. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';

/** One UDP port, for all podcasts. */
export interface DatagramSocket {
  readonly port: number;
  /** Set by whoever reads; an IPv4 address that came through an IPv6 socket may still be written as IPv6. */
  onDatagram: (datagram: Buffer, address: string, port: number) => void;
  /** Never throws: UDP promises nothing. */
  send(datagram: Uint8Array, address: string, port: number): void;
  audience(): Audience;
  close(): Promise<void>;
}

/** A set of endpoints that all get the same datagrams. */
export interface Audience {
  add(address: string, port: number): Destination;
  remove(destination: Destination): void;
  readonly size: number;
  publish(datagram: Uint8Array): void;
  close(): void;
}

export interface Destination {
  readonly address: string;
  readonly port: number;
}

export interface DatagramSocketOptions {
  /** An address of this machine; `::` takes IPv4 as well. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** @throws the system's error when the port cannot be had */
export async function openDatagramSocket({ host, port }: DatagramSocketOptions): Promise<DatagramSocket> {
  const isDualStack = isIP(host) === 6;
  const socket = createSocket({ type: isDualStack ? 'udp6' : 'udp4' });
  socket.bind(port, host);
  await once(socket, 'listening');
  // An ICMP error about one peer is no reason to end the others' audio.
  socket.on('error', () => undefined);
  return new PlainSocket(socket, isDualStack);
}

class PlainSocket implements DatagramSocket {
  readonly port: number;
  onDatagram: DatagramSocket['onDatagram'] = () => undefined;
  readonly #socket: Socket;
  readonly #isDualStack: boolean;

  constructor(socket: Socket, isDualStack: boolean) {
    this.#socket = socket;
    this.#isDualStack = isDualStack;
    this.port = socket.address().port;
    socket.on('message', (datagram, { address, port }) => this.onDatagram(datagram, address, port));
  }

  send(datagram: Uint8Array, address: string, port: number): void {
    const mapped = this.#isDualStack && isIP(address) === 4 ? `::ffff:${address}` : address;
    this.#socket.send(datagram, port, mapped, () => undefined);
  }

  audience(): Audience {
    const destinations = new Set<Destination>();
    return {
      add(address, port) {
        const destination = { address, port };
        destinations.add(destination);
        return destination;
      },
      remove: (destination) => void destinations.delete(destination),
      get size() {
        return destinations.size;
      },
      publish: (datagram) => {
        for (const { address, port } of destinations) this.send(datagram, address, port);
      },
      close: () => destinations.clear(),
    };
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
