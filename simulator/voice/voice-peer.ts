/** A bot in a call: numbers what it is told so that a lost connection can be resumed, and sends it audio over UDP. */
import type { WebSocket } from 'ws';
import type { Call, Participant } from './call.ts';
import type { DatagramFate } from './network-faults.ts';
import { encodeRtp, type RtpPacket } from './rtp.ts';
import type { VoiceSignal } from './signal.ts';
import type { TransportCipher } from './transport-cipher.ts';

/** How many signals are kept for a resume; a client that has missed more has been away for minutes. */
const replayLimit = 1000;
const highestSequence = 0xffff;

export interface UdpRoute {
  readonly address: string;
  readonly port: number;
  readonly cipher: TransportCipher;
  /** Sends one datagram to the client. */
  send(datagram: Buffer): void;
}

interface Numbered {
  readonly sequence: number;
  readonly message: string | Buffer;
}

export class VoicePeer implements Participant {
  readonly userId: string;
  readonly ssrc: number;
  readonly call: Call;
  #socket: WebSocket | undefined;
  #route: UdpRoute | undefined;
  #sequence = 0;
  #replay: Numbered[] = [];
  #signalsSent = 0;
  #signalsConfirmed = 0;
  #isAsking = false;

  constructor(userId: string, ssrc: number, call: Call, socket: WebSocket) {
    this.userId = userId;
    this.ssrc = ssrc;
    this.call = call;
    this.#attach(socket);
  }

  get upToDate(): boolean {
    return this.#socket !== undefined && this.#signalsConfirmed === this.#signalsSent;
  }

  /** The present connection; undefined while the client is away. */
  get socket(): WebSocket | undefined {
    return this.#socket;
  }

  /** Where its audio goes; undefined until the client has chosen a protocol. */
  get route(): UdpRoute | undefined {
    return this.#route;
  }

  openRoute(route: UdpRoute): void {
    this.#route = route;
  }

  receive(signal: VoiceSignal): void {
    // Clients read 0 as "not numbered", so the numbers start at 1 again after the highest.
    this.#sequence = (this.#sequence % highestSequence) + 1;
    const message = encodeSignal(signal, this.#sequence);
    this.#replay.push({ sequence: this.#sequence, message });
    if (this.#replay.length > replayLimit) this.#replay.shift();
    this.#transmit(message);
  }

  /** Sends a signal that no resume repeats. */
  receiveUnnumbered(signal: { readonly op: number; readonly data: unknown }): void {
    this.#transmit(JSON.stringify({ op: signal.op, d: signal.data }));
  }

  hear(_senderId: string, packet: RtpPacket): DatagramFate | undefined {
    const route = this.#route;
    if (!route) return undefined;
    return this.call.faults.pass(packet.ssrc, () => route.send(route.cipher.seal(encodeRtp(packet))));
  }

  /** The client has lost its connection, and may come back. */
  detach(): void {
    this.#socket = undefined;
  }

  /** The client is back, and is told everything after the last number that it has seen. */
  resume(
    socket: WebSocket,
    lastSeen: number,
    resumed: { readonly op: number; readonly data: unknown },
  ): void {
    this.#attach(socket);
    // The answer comes first: clients drop binary messages until they have it.
    this.receiveUnnumbered(resumed);
    const seen = this.#replay.findIndex((numbered) => numbered.sequence === lastSeen);
    for (const { message } of this.#replay.slice(seen + 1)) this.#transmit(message);
  }

  /** The client has seen everything up to this number, which need not be kept any longer. */
  acknowledge(lastSeen: number): void {
    const seen = this.#replay.findIndex((numbered) => numbered.sequence === lastSeen);
    this.#replay.splice(0, seen + 1);
  }

  #attach(socket: WebSocket): void {
    this.#socket = socket;
    this.#isAsking = false;
    socket.on('pong', (count) => {
      if (this.#socket !== socket) return;
      this.#isAsking = false;
      this.#signalsConfirmed = Number(count.toString());
      this.#askWhetherRead();
      if (this.upToDate) this.call.emit('changed');
    });
  }

  #transmit(message: string | Buffer): void {
    if (this.#socket?.readyState !== 1) return;
    this.#socket.send(message);
    this.#signalsSent += 1;
    this.#askWhetherRead();
  }

  /** A WebSocket ping is answered in order, so its answer proves that everything before it has been read. */
  #askWhetherRead(): void {
    if (this.#isAsking || this.#signalsConfirmed === this.#signalsSent) return;
    this.#isAsking = true;
    this.#socket?.ping(String(this.#signalsSent));
  }
}

function encodeSignal(signal: VoiceSignal, sequence: number): string | Buffer {
  if (!('payload' in signal)) return JSON.stringify({ op: signal.op, d: signal.data, seq: sequence });
  const head = Buffer.alloc(3);
  head.writeUInt16BE(sequence, 0);
  head.writeUInt8(signal.op, 2);
  return Buffer.concat([head, signal.payload]);
}
