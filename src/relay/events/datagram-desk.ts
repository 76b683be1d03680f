/** Where every datagram arrives: answers discovery, and hands audio to the host whose endpoint and key it comes with. */
import { readDiscoveryRequest, writeDiscoveryAnswer } from '../../protocol/discovery.ts';
import type { Counters } from '../counters.ts';
import type { DatagramSocket } from '../udp/datagram-sender.ts';
import type { AddressCookies } from './address-cookie.ts';
import { type DatagramFault, type Endpoint, hostPacket } from './udp-session.ts';

export interface DatagramDeskOptions {
  readonly socket: Pick<DatagramSocket, 'onDatagram' | 'send'>;
  readonly cookies: AddressCookies;
  readonly counters: Pick<Counters, 'add'>;
}

export interface DatagramHost {
  /** 32 bytes, of its podcast. */
  readonly key: Uint8Array;
  /** Gets each datagram that opens, as `1 ‖ nonce ‖ sealed`; keeps it if it likes. */
  take(packet: Uint8Array): void;
}

export class DatagramDesk {
  readonly #options: DatagramDeskOptions;
  /** Several hosts at an endpoint are told apart by their keys: nobody can shut another out by naming its endpoint. */
  readonly #hosts = new Map<string, Set<DatagramHost>>();

  constructor(options: DatagramDeskOptions) {
    this.#options = options;
    options.socket.onDatagram = (datagram, address, port) => this.#receive(datagram, address, port);
  }

  /** Takes a host's datagrams from this endpoint until the result is called. */
  hostAt({ address, port }: Endpoint, host: DatagramHost): () => void {
    const name = nameOf(address, port);
    const hosts = this.#hosts.get(name) ?? new Set();
    hosts.add(host);
    this.#hosts.set(name, hosts);
    return () => {
      hosts.delete(host);
      if (hosts.size === 0 && this.#hosts.get(name) === hosts) this.#hosts.delete(name);
    };
  }

  #receive(datagram: Uint8Array, address: string, port: number): void {
    const clientId = readDiscoveryRequest(datagram);
    if (clientId === undefined) this.#takeAudio(datagram, nameOf(address, port));
    else this.#answer(clientId, address, port);
  }

  #answer(clientId: number, address: string, port: number): void {
    const { socket, cookies, counters } = this.#options;
    const cookie = cookies.of(clientId, { address, port });
    socket.send(writeDiscoveryAnswer({ clientId, address, port, cookie }), address, port);
    counters.add('discovery');
  }

  #takeAudio(datagram: Uint8Array, name: string): void {
    let fault: DatagramFault | 'datagram-stranger' = 'datagram-stranger';
    for (const host of this.#hosts.get(name) ?? []) {
      const packet = hostPacket(datagram, host.key);
      if (typeof packet !== 'string') return host.take(packet);
      fault = packet;
    }
    this.#options.counters.add(fault);
  }
}

function nameOf(address: string, port: number): string {
  return `${address} ${port}`;
}
