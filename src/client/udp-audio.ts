/** A client's UDP socket: finds its address as the relay sees it, keeps the way open, and takes audio (protocol.md §4). */
import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { type DiscoveryAnswer, readDiscoveryAnswer, writeDiscoveryRequest } from '../protocol/discovery.ts';

export interface UdpTimings {
  /** Until the first answer, ask so often. */
  readonly retryMs: number;
  /** Without audio by then, UDP does not get through. */
  readonly giveUpMs: number;
  /** Afterwards ask so often: it keeps a NAT's mapping, and tells when it has changed. */
  readonly keepAliveMs: number;
}

/** NATs forget a UDP mapping after 30 s at the earliest that one meets (RFC 4787 §4.3 asks for 2 minutes). */
export const UDP_TIMINGS: UdpTimings = { retryMs: 500, giveUpMs: 5000, keepAliveMs: 15_000 };

export interface UdpAudioOptions {
  /** Of the relay. */
  readonly ip: string;
  readonly port: number;
  /** u32, of this connection. */
  readonly clientId: number;
  readonly timings: UdpTimings;
  /** This is where we are; called again when it is somewhere else. */
  readonly onAddress: (address: DiscoveryAnswer) => void;
  /** Whatever else comes from the relay's address. */
  readonly onDatagram: (datagram: Buffer) => void;
}

export class UdpAudio {
  readonly #options: UdpAudioOptions;
  readonly #socket: Socket;
  readonly #request: Uint8Array;
  /** Where we were found last. */
  #place: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: UdpAudioOptions) {
    this.#options = options;
    this.#request = writeDiscoveryRequest(options.clientId);
    this.#socket = createSocket(isIP(options.ip) === 6 ? 'udp6' : 'udp4');
    // A refusal or an address without a route: the answer that does not come says as much.
    this.#socket.on('error', () => undefined);
    this.#socket.on('message', (datagram) => this.#receive(datagram));
    // Connected, the socket takes datagrams of the relay alone.
    this.#socket.connect(options.port, options.ip, (fault?: Error) => fault ?? this.#ask());
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket.close();
  }

  #ask(): void {
    if (this.#isClosed) return;
    this.#socket.send(this.#request, () => undefined);
    const { retryMs, keepAliveMs } = this.#options.timings;
    this.#timer = setTimeout(() => this.#ask(), this.#place === undefined ? retryMs : keepAliveMs);
    this.#timer.unref();
  }

  #receive(datagram: Buffer): void {
    const answer = readDiscoveryAnswer(datagram);
    if (!answer) return this.#options.onDatagram(datagram);
    const place = `${answer.address} ${answer.port}`;
    if (answer.clientId !== this.#options.clientId || place === this.#place) return;
    this.#place = place;
    this.#options.onAddress(answer);
  }
}
