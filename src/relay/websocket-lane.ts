/** The WebSocket lane: hosts send audio on it and listeners hear it (protocol.md §3). */
import { CLOSE, ContractError } from '../protocol/close-codes.ts';
import { type PacketEvent, readEvent, writeEvent } from '../protocol/events.ts';
import type { Limits } from '../protocol/limits.ts';
import { assertAudioPacket, isEventPacket, readPacket, writeEventPacket } from '../protocol/packet.ts';
import type { Admission, HostSays } from './admission.ts';
import type { Channel } from './channel.ts';
import type { Hub } from './hub.ts';
import type { ListenerGroups } from './listener-groups.ts';
import type { Arrival } from './peer-server.ts';
import type { PeerSocket } from './peer-socket.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

export interface WebSocketLaneOptions {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly groups: ListenerGroups;
  readonly limits: Pick<Limits, 'EVENT_QUEUE_BYTES'>;
}

export class WebSocketLane {
  readonly #options: WebSocketLaneOptions;

  constructor(options: WebSocketLaneOptions) {
    this.#options = options;
  }

  /** @throws ContractError, AccountsBusyError: the peer is to be closed for it */
  readonly letIn = async (arrival: Arrival): Promise<void> => {
    const { peer, request } = arrival;
    peer.sayFarewell = ({ code }, reason) => sendEvent(peer, { type: 'disconnect', code, reason });
    if (request.wantsToHost) await this.#host(arrival);
    else await this.#listen(arrival);
  };

  async #host({ peer, request }: Arrival): Promise<void> {
    const { hub, admission } = this.#options;
    const channel = await admission.host(peer, request);
    if (!channel) return;
    this.#sayHello(peer, channel, request);
    const says = admission.saying(channel);
    admission.attend(peer, channel, (message, isBinary) => {
      if (!isBinary) throw invalid('This is a text message: a host sends binary ones.');
      if (isEventPacket(message)) return heed(says, message);
      assertAudioPacket(message);
      return hub.publish(channel, message);
    });
  }

  async #listen({ peer, request, socket }: Arrival): Promise<void> {
    const { admission, limits } = this.#options;
    const channel = (await admission.listen(peer, request, 'websocket'))?.channel;
    if (!channel) return;
    this.#sayHello(peer, channel, request);
    if (request.takesAdditions) {
      peer.sayRetracted = ({ packet }) => sendBounded(peer, packet, limits.EVENT_QUEUE_BYTES);
    }
    const leaveGroup = this.#options.groups.of(channel, 'tracks').add(peer, socket);
    peer.onClosing = leaveGroup;
    peer.on('close', leaveGroup);
    peer.on('message', () => {
      peer.dismiss(CLOSE.invalidPayload, 'This is a message of a listener: a listener sends none.');
    });
  }

  #sayHello(peer: PeerSocket, { podcast }: Channel, { takesAdditions, wantsToHost }: UpgradeRequest): void {
    const { id: podcastId, key: secretKey, resumeToken: token } = podcast;
    if (!takesAdditions) return sendEvent(peer, { type: 'hello', secretKey });
    const { clientId } = peer;
    const resume = { token, seconds: this.#options.hub.resumeSeconds };
    const additions = wantsToHost ? { clientId, podcastId, resume } : { clientId, podcastId };
    return sendEvent(peer, { type: 'hello', secretKey, additions });
  }
}

/** An event of a host. @throws ContractError (4002, 4009) */
function heed(says: HostSays, message: Uint8Array): void {
  const packet = readPacket(message);
  const event = packet.kind === 'event' ? readEvent(packet.json) : undefined;
  if (event?.type === 'retract') says.retract(event.ssrc);
  else if (event?.type === 'speakers') says.speakers(event.speakers, message.length);
  else throw invalid('This is an event that a host does not send: it sends Retract, 2, and Speakers, 3.');
}

function sendBounded(peer: PeerSocket, packet: Uint8Array, queueMaxBytes: number): void {
  if (peer.bufferedAmount <= queueMaxBytes) return peer.send(packet);
  const owed = `${queueMaxBytes} bytes of events unread: that is the most`;
  return peer.dismiss(CLOSE.tooSlow, `This client leaves more than ${owed}.`);
}

function sendEvent(peer: PeerSocket, event: PacketEvent): void {
  peer.send(writeEventPacket(writeEvent(event)));
}

function invalid(sentence: string): ContractError {
  return new ContractError(CLOSE.invalidPayload, sentence);
}
