/** A NAT for UDP: clients behind it are seen under another address and port, which may change at any time. */
import type { Socket } from 'node:dgram';
import { Ear } from './naive-udp-client.ts';

export interface Nat {
  /** Where a client behind it sends what is for the relay. */
  readonly port: number;
  /** Forgets every mapping: nothing comes in any more, and what a client sends next leaves from a new port. */
  move(): void;
}

export interface NatOptions {
  readonly relayPort: number;
  /** The address that the relay sees. */
  readonly outside: string;
  /** Where clients find it; any free port of 127.0.0.1 when absent. */
  readonly inside?: { readonly address: string; readonly port: number };
  /** What becomes of a datagram on its way to a client; it goes as it is when absent. */
  readonly change?: (datagram: Buffer) => readonly Buffer[];
}

export async function natTo({
  relayPort,
  outside,
  inside: place = { address: '127.0.0.1', port: 0 },
  change = (datagram) => [datagram],
}: NatOptions): Promise<Nat> {
  const inside = await Ear.open(place.address, place.port);
  const mappings = new Map<number, Promise<Socket>>();
  const mapped = async (clientPort: number): Promise<Socket> => {
    const { socket } = await Ear.open(outside);
    socket.on('message', (datagram) => {
      for (const changed of change(datagram)) inside.socket.send(changed, clientPort, '127.0.0.1');
    });
    return socket;
  };
  inside.socket.on('message', (datagram, { port }) => {
    const mapping = mappings.get(port) ?? mapped(port);
    mappings.set(port, mapping);
    void mapping.then((socket) => socket.send(datagram, relayPort, '127.0.0.1'));
  });
  const move = (): void => {
    for (const mapping of mappings.values())
      void mapping.then((socket) => socket.removeAllListeners('message'));
    mappings.clear();
  };
  return { port: inside.port, move };
}
