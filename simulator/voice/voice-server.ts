/** One voice server: a voice gateway over TLS and, beside it, a UDP socket that carries the audio. */
import { randomBytes } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Certificate } from '../certificate.ts';
import type { Call } from './call.ts';
import { decodeRtp } from './rtp.ts';
import { TransportCipher, type TransportMode } from './transport-cipher.ts';
import { VoiceConnection } from './voice-connection.ts';
import { VoicePeer } from './voice-peer.ts';

const loopback = '127.0.0.1';
/** How long the place of a client that lost its connection is kept. */
const resumeWindowMs = 5000;
/** Some 5,000 datagrams: what a hundred guilds send while a busy machine holds this process up for a second. */
const receiveBufferBytes = 4 << 20;
const discoveryBytes = 74;
const discoveryRequest = 1;
const discoveryResponse = 2;
const discoveryLength = 70;
const keepAliveBytes = 8;

/** Who may come: what the main gateway has told the bot in VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE. */
export interface Admission {
  readonly guildId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly token: string;
  readonly call: Call;
  /** The next identifies are refused with this close code. Shared with who asked for it. */
  readonly refusal: { timesLeft: number; closeCode: number };
  /** Whether what the client says is passed on: not from the audience of a stage. */
  maySpeak(): boolean;
}

export interface VoiceSession {
  admission: Admission;
  peer: VoicePeer | undefined;
  expiry: NodeJS.Timeout | undefined;
}

export interface VoiceServerOptions {
  readonly certificate: Certificate;
  readonly heartbeatIntervalMs: number;
  readonly nextSsrc: () => number;
}

export class VoiceServer {
  readonly heartbeatIntervalMs: number;
  readonly #nextSsrc: () => number;
  readonly #sessions = new Map<string, VoiceSession>();
  readonly #speakers = new Map<number, VoiceSession>();
  readonly #https: Server;
  readonly #gateway: WebSocketServer;
  readonly #udp: Socket = createSocket('udp4');

  /** Starts a voice server on free loopback ports. */
  static async start(options: VoiceServerOptions): Promise<VoiceServer> {
    const server = new VoiceServer(options);
    server.#https.listen(0, loopback);
    server.#udp.bind(0, loopback);
    await Promise.all([once(server.#https, 'listening'), once(server.#udp, 'listening')]);
    enlargeBuffer(server.#udp);
    return server;
  }

  private constructor({ certificate, heartbeatIntervalMs, nextSsrc }: VoiceServerOptions) {
    this.heartbeatIntervalMs = heartbeatIntervalMs;
    this.#nextSsrc = nextSsrc;
    this.#https = createServer({ cert: certificate.certificate, key: certificate.privateKey });
    this.#gateway = new WebSocketServer({ server: this.#https });
    this.#gateway.on('connection', (socket) => new VoiceConnection(this, socket));
    this.#udp.on('message', (datagram, sender) => this.#onDatagram(datagram, sender));
    // A client whose UDP port is gone is no concern of the server's: its WebSocket tells soon enough.
    this.#udp.on('error', () => {});
  }

  /** What VOICE_SERVER_UPDATE names. */
  get endpoint(): string {
    const { port } = this.#https.address() as AddressInfo;
    return `${loopback}:${port}`;
  }

  get udpAddress(): { readonly ip: string; readonly port: number } {
    return { ip: loopback, port: this.#udp.address().port };
  }

  /** Lets this session in from now on, in the place of an earlier admission of the same session. */
  admit(admission: Admission): void {
    const known = this.#sessions.get(admission.sessionId);
    if (known) known.admission = admission;
    else this.#sessions.set(admission.sessionId, { admission, peer: undefined, expiry: undefined });
  }

  session(sessionId: string): VoiceSession | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Ends a session: its peer leaves the call and its connection is closed. */
  dismiss(sessionId: string, closeCode: number): void {
    const session = this.#sessions.get(sessionId);
    if (!session) return;
    const socket = session.peer?.socket;
    this.removePeer(session);
    this.#sessions.delete(sessionId);
    socket?.close(closeCode);
  }

  /** Gives a session that has identified its place. */
  createPeer(session: VoiceSession, socket: WebSocket): VoicePeer {
    this.removePeer(session);
    const { userId, call } = session.admission;
    const peer = new VoicePeer(userId, this.#nextSsrc(), call, socket);
    session.peer = peer;
    this.#speakers.set(peer.ssrc, session);
    return peer;
  }

  /** Opens the way for audio to a client. @returns the key that the client needs */
  openRoute(peer: VoicePeer, mode: TransportMode, address: string, port: number): Buffer {
    const key = randomBytes(32);
    const send = (datagram: Buffer): void => {
      if (this.#speakers.get(peer.ssrc)?.peer === peer) this.#udp.send(datagram, port, address);
    };
    peer.openRoute({ address, port, cipher: new TransportCipher(mode, key), send });
    return key;
  }

  /** The client has gone without a goodbye: its place is kept for a while. */
  keepPlace(session: VoiceSession): void {
    session.peer?.detach();
    session.expiry = setTimeout(() => this.removePeer(session), resumeWindowMs).unref();
  }

  removePeer(session: VoiceSession): void {
    clearTimeout(session.expiry);
    const { peer } = session;
    if (!peer) return;
    session.peer = undefined;
    peer.detach();
    peer.call.leave(peer);
    this.#speakers.delete(peer.ssrc);
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) this.removePeer(session);
    this.#sessions.clear();
    for (const client of this.#gateway.clients) client.terminate();
    this.#gateway.close();
    this.#https.closeAllConnections();
    this.#https.close();
    this.#udp.close();
    await Promise.all([once(this.#https, 'close'), once(this.#udp, 'close')]);
  }

  #onDatagram(datagram: Buffer, sender: RemoteInfo): void {
    if (datagram.length === discoveryBytes && datagram.readUInt16BE(0) === discoveryRequest) {
      this.#udp.send(discoveryAnswer(datagram, sender), sender.port, sender.address);
    } else if (datagram.length === keepAliveBytes) {
      this.#udp.send(datagram, sender.port, sender.address);
    } else if (datagram.length > 12) {
      const session = this.#speakers.get(datagram.readUInt32BE(8));
      if (session?.peer && session.admission.maySpeak()) this.#forward(session.peer, datagram);
    }
  }

  #forward(peer: VoicePeer, datagram: Buffer): void {
    const cipher = peer.route?.cipher;
    if (!cipher) return;
    let packet;
    try {
      packet = decodeRtp(cipher.open(datagram));
    } catch {
      // Discord drops what it cannot open without a word, and so does this.
      return;
    }
    peer.call.forward(peer, packet);
  }
}

/** A simulated network loses what it is told to lose, and nothing for want of room. */
function enlargeBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(receiveBufferBytes);
  } catch {
    // Some systems refuse what is above their limit, and others grant less: then it is as large as it was.
  }
}

/**
 *     2 bytes  type (1 request, 2 response)
 *     2 bytes  length of the rest (70)
 *     4 bytes  SSRC
 *     64 bytes address as text, NUL-padded
 *     2 bytes  port
 */
function discoveryAnswer(request: Buffer, { address, port }: RemoteInfo): Buffer {
  const answer = Buffer.alloc(discoveryBytes);
  answer.writeUInt16BE(discoveryResponse, 0);
  answer.writeUInt16BE(discoveryLength, 2);
  request.copy(answer, 4, 4, 8);
  answer.write(address, 8, 'utf8');
  answer.writeUInt16BE(port, 72);
  return answer;
}
