/** A NAT for UDP: clients behind it are seen under another address and port, which may change at any time. */
import type { Socket } from 'node:dgram';
import { Ear } from './naive-udp-client.ts';

export interface Nat {
  /** Where a client behind it sends what is for the relay. */
  readonly port: number;
  /** Forgets every mapping: what a client sends next leaves from a new port. */
  move(): void;
}

/** @param outside the address that the relay sees */
export async function natTo(relayPort: number, outside: string): Promise<Nat> {
  const inside = await Ear.open();
  const mappings = new Map<number, Promise<Socket>>();
  const mapped = async (clientPort: number): Promise<Socket> => {
    const { socket } = await Ear.open(outside);
    socket.on('message', (datagram) => inside.socket.send(datagram, clientPort, '127.0.0.1'));
    return socket;
  };
  inside.socket.on('message', (datagram, { port }) => {
    const mapping = mappings.get(port) ?? mapped(port);
    mappings.set(port, mapping);
    void mapping.then((socket) => socket.send(datagram, relayPort, '127.0.0.1'));
  });
  return { port: inside.port, move: () => mappings.clear() };
}
