/** Naive clients that are on the audio socket: what most tests of the events lane begin with. */
import { accountHeaders } from './naive-client.ts';
import { Ear, type HelloData, NaiveUdpClient } from './naive-udp-client.ts';
import type { TestRelay } from './test-relay.ts';

export function headersOf({ account }: TestRelay): Record<string, string> {
  return accountHeaders(2023, account.id, account.secret);
}

export interface UdpHost {
  readonly client: NaiveUdpClient;
  readonly hello: HelloData;
  readonly mouth: Ear;
  readonly id: number;
  /** Sends a datagram to the relay from the host's socket. */
  send(datagram: Uint8Array): void;
  /** Seals a frame and sends it. */
  sendFrame(frame: string, nonce?: Uint8Array): Promise<Buffer>;
}

/** @param query `?id=…` to take up a podcast or come back to it; without an id it makes one */
export async function udpHost(relay: TestRelay, query = '', headers = headersOf(relay)): Promise<UdpHost> {
  const client = new NaiveUdpClient(`${relay.socketUrl}/ws${query}`, headers);
  const mouth = await Ear.open();
  const hello = await client.hello();
  const id = await client.connect(mouth.port);
  const send = (datagram: Uint8Array): void => mouth.socket.send(datagram, relay.udpPort, '127.0.0.1');
  const sendFrame = async (frame: string, nonce?: Uint8Array): Promise<Buffer> => {
    const datagram = await client.sealed(frame, nonce);
    send(datagram);
    return datagram;
  };
  return { client, mouth, hello, id, send, sendFrame };
}

export interface UdpListener {
  readonly client: NaiveUdpClient;
  readonly ear: Ear;
  readonly id: number;
}

export async function udpListener(relay: TestRelay, podcastId: number): Promise<UdpListener> {
  const client = new NaiveUdpClient(`${relay.socketUrl}/listen?id=${podcastId}`);
  const ear = await Ear.open();
  await client.hello();
  const id = await client.connect(ear.port);
  return { client, ear, id };
}
