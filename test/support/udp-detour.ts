/** The UDP side of a relay with a planted fault: a socket between its clients and the real relay's. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import nacl from 'tweetnacl';

const DISCOVERY_BYTES = 74;
const PORT_OFFSET = 72;
const NONCE_BYTES = 24;
const HELLO = 1;
const CONNECTED = 2;

/** A client's UDP socket, and the one that speaks to the relay in its name. */
export interface UdpPeer {
  readonly clientPort: number;
  readonly towardsRelay: Socket;
  /** Once it has said Connected. */
  podcastId?: number;
  isHost?: boolean;
}

export interface UdpFault {
  /** Sees what a client sends; the relay gets it as well. */
  fromClient?(datagram: Buffer, from: UdpPeer, detour: UdpDetour): void;
  /** Changes what a client gets; `undefined` swallows. */
  toClient?(datagram: Buffer, to: UdpPeer): Buffer | undefined;
  /** How far off the port in answers to discoveries is. */
  readonly portsOff?: number;
}

export class UdpDetour {
  readonly #fault: UdpFault;
  readonly #server = createSocket('udp4');
  readonly #peers = new Map<number, UdpPeer>();
  readonly #keys = new Map<number, Uint8Array>();
  #relayPort = 0;

  private constructor(fault: UdpFault) {
    this.#fault = fault;
    this.#server.on('message', (datagram, { port }) => {
      const peer = this.#peerOf(port);
      fault.fromClient?.(datagram, peer, this);
      peer.towardsRelay.send(datagram, this.#relayPort, '127.0.0.1');
    });
  }

  static async start(fault: UdpFault): Promise<UdpDetour> {
    const detour = new UdpDetour(fault);
    detour.#server.bind(0, '127.0.0.1');
    await once(detour.#server, 'listening');
    return detour;
  }

  close(): void {
    this.#server.close();
    for (const { towardsRelay } of this.#peers.values()) towardsRelay.close();
  }

  /** A Hello of section 4 that names this socket in place of the relay's; anything else as it is. */
  fromRelay(text: string): string {
    const { t, data } = JSON.parse(text) as { t: number; data: Record<string, unknown> };
    if (t !== HELLO) return text;
    this.#relayPort = Number(data['port']);
    this.#keys.set(Number(data['podcast_id']), Uint8Array.from(data['secret'] as number[]));
    return JSON.stringify({ t, data: { ...data, port: this.#server.address().port } });
  }

  /** A Connected that names the socket that speaks to the relay; anything else as it is. */
  fromClient(text: string, podcastId: number, isHost: boolean): string {
    if (!text.startsWith(`{"t":${CONNECTED},`)) return text;
    const { t, data } = JSON.parse(text) as { t: number; data: Record<string, unknown> };
    const peer = this.#peers.get(Number(data['port']) - (this.#fault.portsOff ?? 0));
    if (!peer) return text;
    Object.assign(peer, { podcastId, isHost });
    return JSON.stringify({ t, data: { ...data, port: peer.towardsRelay.address().port } });
  }

  /** The podcast under whose key a datagram opens. */
  podcastOf(datagram: Buffer): number | undefined {
    const [nonce, sealed] = [datagram.subarray(0, NONCE_BYTES), datagram.subarray(NONCE_BYTES)];
    if (sealed.length < 17) return undefined;
    return [...this.#keys].find(([, key]) => nacl.secretbox.open(sealed, nonce, key))?.[0];
  }

  /** What the real relay would never do. */
  sendToListeners(podcastId: number | undefined, datagram: Buffer): void {
    for (const peer of this.#peers.values()) {
      const isListener = peer.podcastId !== undefined && peer.podcastId === podcastId && !peer.isHost;
      if (isListener) this.#server.send(datagram, peer.clientPort, '127.0.0.1');
    }
  }

  #peerOf(clientPort: number): UdpPeer {
    const known = this.#peers.get(clientPort);
    if (known) return known;
    const towardsRelay = createSocket('udp4');
    const peer: UdpPeer = { clientPort, towardsRelay };
    towardsRelay.on('message', (datagram) => {
      if (datagram.length === DISCOVERY_BYTES) {
        datagram.writeUInt16BE(clientPort + (this.#fault.portsOff ?? 0), PORT_OFFSET);
      }
      const passed = this.#fault.toClient ? this.#fault.toClient(datagram, peer) : datagram;
      if (passed) this.#server.send(passed, clientPort, '127.0.0.1');
    });
    this.#peers.set(clientPort, peer);
    return peer;
  }
}
