/** One client's WebSocket to the voice gateway: says hello, learns who it is, and then speaks for its peer. */
import type { RawData, WebSocket } from 'ws';
import { asNumber, asObject, asText, parseJson, type Json, type JsonObject } from '../json.ts';
import { asBuffer } from '../socket-data.ts';
import { mayResume, voiceCloseReasons, VoiceOp } from './opcodes.ts';
import { isTransportMode } from './transport-cipher.ts';
import type { VoicePeer } from './voice-peer.ts';
import type { Admission, VoiceServer, VoiceSession } from './voice-server.ts';

type Stage =
  | { readonly at: 'unknown' }
  | { readonly at: 'known'; readonly session: VoiceSession; readonly peer: VoicePeer };

export class VoiceConnection {
  readonly #server: VoiceServer;
  readonly #socket: WebSocket;
  #stage: Stage = { at: 'unknown' };

  constructor(server: VoiceServer, socket: WebSocket) {
    this.#server = server;
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('close', (code) => this.#onClose(code));
    // A broken connection closes as well, and the close is what counts.
    socket.on('error', () => {});
    this.#send(VoiceOp.hello, { v: 8, heartbeat_interval: server.heartbeatIntervalMs });
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    const bytes = asBuffer(data);
    if (isBinary) {
      if (this.#stage.at === 'known') receiveMls(this.#stage.peer, bytes);
      else this.#close(4003);
      return;
    }
    let message: JsonObject;
    try {
      message = asObject(parseJson(bytes.toString()));
    } catch {
      this.#close(4001);
      return;
    }
    this.#receive(asNumber(message['op']), asObject(message['d']));
  }

  #receive(op: number | undefined, data: JsonObject): void {
    if (op === VoiceOp.heartbeat) this.#heartbeat(data);
    else if (op === VoiceOp.identify) this.#identify(data);
    else if (op === VoiceOp.resume) this.#resume(data);
    else if (this.#stage.at === 'unknown') this.#close(4003);
    else if (op === VoiceOp.selectProtocol) this.#selectProtocol(this.#stage.peer, asObject(data['data']));
    else if (op === VoiceOp.speaking) {
      this.#stage.peer.call.speaking(this.#stage.peer, asNumber(data['speaking']) ?? 0);
    } else receiveDave(this.#stage.peer, op, data);
  }

  #heartbeat(data: JsonObject): void {
    const lastSeen = asNumber(data['seq_ack']);
    if (this.#stage.at === 'known' && lastSeen !== undefined) this.#stage.peer.acknowledge(lastSeen);
    this.#send(VoiceOp.heartbeatAck, { t: data['t'] });
  }

  #identify(data: JsonObject): void {
    const session = this.#server.session(asText(data['session_id']) ?? '');
    const fault = session ? identifyFault(session.admission, data) : 4006;
    if (!session || fault !== undefined) {
      this.#close(fault ?? 4006);
      return;
    }
    const peer = this.#server.createPeer(session, this.#socket);
    this.#stage = { at: 'known', session, peer };
    const { ip, port } = this.#server.udpAddress;
    this.#send(VoiceOp.ready, {
      ssrc: peer.ssrc,
      ip,
      port,
      modes: peer.call.modes,
      experiments: [],
      streams: [],
    });
  }

  #resume(data: JsonObject): void {
    const session = this.#server.session(asText(data['session_id']) ?? '');
    const peer = session?.peer;
    if (!session || !peer || session.admission.token !== data['token']) {
      this.#close(4006);
      return;
    }
    clearTimeout(session.expiry);
    this.#stage = { at: 'known', session, peer };
    const lastSeen = asNumber(data['seq_ack']) ?? -1;
    peer.resume(this.#socket, lastSeen, { op: VoiceOp.resumed, data: null });
  }

  #selectProtocol(peer: VoicePeer, data: JsonObject): void {
    const mode = asText(data['mode']);
    const address = asText(data['address']);
    const port = asNumber(data['port']);
    if (!isTransportMode(mode) || !peer.call.modes.includes(mode) || !address || !port) {
      this.#close(4016);
      return;
    }
    const key = this.#server.openRoute(peer, mode, address, port);
    peer.receiveUnnumbered({
      op: VoiceOp.sessionDescription,
      data: {
        mode,
        secret_key: [...key],
        dave_protocol_version: peer.call.daveVersion,
        audio_codec: 'opus',
        video_codec: 'H264',
        media_session_id: `media-${peer.ssrc}`,
      },
    });
    peer.call.join(peer);
  }

  #onClose(code: number): void {
    if (this.#stage.at === 'unknown' || this.#stage.peer.socket !== this.#socket) return;
    if (mayResume(code)) this.#server.keepPlace(this.#stage.session);
    else this.#server.removePeer(this.#stage.session);
  }

  #send(op: number, data: Json): void {
    this.#socket.send(JSON.stringify({ op, d: data }));
  }

  #close(code: number): void {
    this.#socket.close(code, voiceCloseReasons[code] ?? '');
  }
}

/** The close code for an identify that must be refused. */
function identifyFault(admission: Admission, data: JsonObject): number | undefined {
  if (admission.refusal.timesLeft > 0) {
    admission.refusal.timesLeft -= 1;
    return admission.refusal.closeCode;
  }
  if (admission.token !== data['token'] || admission.userId !== data['user_id']) return 4004;
  if (admission.guildId !== data['server_id']) return 4011;
  const daveVersion = asNumber(data['max_dave_protocol_version']) ?? 0;
  return admission.call.daveVersion > daveVersion ? 4017 : undefined;
}

function receiveDave({ call, userId }: VoicePeer, op: number | undefined, data: JsonObject): void {
  if (op === VoiceOp.daveTransitionReady) {
    call.delivery?.transitionReady(userId, asNumber(data['transition_id']) ?? 0);
  } else if (op === VoiceOp.mlsInvalidCommitWelcome) call.delivery?.invalid(userId);
}

function receiveMls({ call, userId }: VoicePeer, message: Buffer): void {
  const op = message[0];
  const payload = message.subarray(1);
  if (op === VoiceOp.mlsKeyPackage) call.delivery?.keyPackage(userId, payload);
  else if (op === VoiceOp.mlsCommitWelcome) call.delivery?.commit(userId, payload);
}
