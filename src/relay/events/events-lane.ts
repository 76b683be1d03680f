/** The events lane: JSON events over WebSocket, audio over UDP (protocol.md §4). */
import { CLOSE, ContractError } from '../../protocol/close-codes.ts';
import { type Connected, type Guilds, writeJsonEvent } from '../../protocol/json-events.ts';
import type { Limits } from '../../protocol/limits.ts';
import type { Admission, Attendance } from '../admission.ts';
import { type Channel, type Stream, STREAMS } from '../channel.ts';
import { canonicalAddress } from '../client-address.ts';
import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Hub } from '../hub.ts';
import type { ListenerGroups } from '../listener-groups.ts';
import type { Arrival } from '../peer-server.ts';
import { type PublicAddress, whereaboutsFor } from '../podcast-object.ts';
import type { PeerSocket } from '../peer-socket.ts';
import type { Programmes } from '../programme/programmes.ts';
import type { DatagramSocket } from '../udp/datagram-sender.ts';
import type { UpgradeRequest } from '../upgrade-request.ts';
import { AddressCookies } from './address-cookie.ts';
import { DatagramDesk } from './datagram-desk.ts';
import { EventsClient, readClientEvent } from './events-client.ts';
import { LateDatagrams } from './late-datagrams.ts';
import { Room } from './room.ts';
import { type Endpoint, UdpSession } from './udp-session.ts';

export interface EventsLaneOptions extends PublicAddress {
  readonly hub: Hub;
  readonly admission: Admission;
  readonly groups: ListenerGroups;
  readonly programmes: Programmes;
  readonly limits: Limits;
  readonly clock: Pick<Clock, 'nowMs' | 'after' | 'every'>;
  readonly counters: Counters;
  readonly udp: DatagramSocket;
}

/** How a listener gets its audio. */
interface Hearing {
  /** It says where its UDP socket is. @throws ContractError */
  connected(claim: Connected): void;
  stop(): void;
}

export class EventsLane {
  readonly #options: EventsLaneOptions;
  readonly #cookies = new AddressCookies();
  readonly #desk: DatagramDesk;
  readonly #rooms = new WeakMap<Channel, Room>();

  constructor(options: EventsLaneOptions) {
    this.#options = options;
    this.#desk = new DatagramDesk({
      socket: options.udp,
      cookies: this.#cookies,
      counters: options.counters,
    });
  }

  /** @throws ContractError, AccountsBusyError: the peer is to be closed for it */
  readonly letIn = async (arrival: Arrival): Promise<void> => {
    const { request } = arrival;
    const client = new EventsClient(arrival, request.wantsToHost, this.#options.limits.EVENT_QUEUE_BYTES);
    const stream = servedStream(request);
    if (request.wantsToHost) await this.#host(arrival, client);
    else await this.#listen(arrival, client, stream);
  };

  async #host(arrival: Arrival, client: EventsClient): Promise<void> {
    const { hub, admission, clock, counters } = this.#options;
    const { peer, request } = arrival;
    const channel = await admission.host(peer, request);
    if (!channel) return;
    const room = this.#roomOf(channel);
    const late = new LateDatagrams();
    const take = admission.guard(peer, channel, (packet: Uint8Array) => {
      if (late.has(packet, clock.nowMs())) counters.add('datagram-retracted');
      else hub.publish(channel, packet);
    });
    const host = { key: channel.podcast.key, take };
    const session = this.#sessionOf(arrival, (endpoint) => this.#desk.hostAt(endpoint, host));
    this.#sayHello(arrival, client, channel);
    peer.onClosing = () => {
      session.close();
      // Nobody waits for what follows when the hub has let this host go.
      if (channel.sender !== peer) leave(channel, room, client);
    };
    const join = joinBy(session, room, client);
    const says = admission.saying(channel);
    const retract = (ssrc: number): void => {
      says.retract(ssrc);
      late.retracted(ssrc, clock.nowMs());
    };
    admission.attend(peer, channel, (message, isBinary) => {
      const event = readClientEvent(message, isBinary);
      if (event?.type === 'connected') join(event);
      if (event?.type === 'retract') retract(event.ssrc);
      if (event?.type === 'speakers') says.speakers(event.speakers, message.length);
      if (event?.type === 'guilds') throw invalid('This is a Guilds of a host: only a listener sends it.');
    });
    // After the podcast may have ended by it: listeners then get End and nothing else.
    peer.on('close', () => {
      session.close();
      leave(channel, room, client);
    });
  }

  async #listen(arrival: Arrival, client: EventsClient, stream: Stream): Promise<void> {
    const { admission, programmes, limits } = this.#options;
    const { peer, request } = arrival;
    const isByUdp = request.audio !== 'websocket';
    const attendance = await admission.listen(peer, request, kindOf(request));
    if (!attendance) return;
    const { channel } = attendance;
    const room = this.#roomOf(channel);
    const want = stream === 'programme' ? wantOnce(programmes, peer, attendance) : undefined;
    if (!isByUdp) want?.();
    this.#sayHello(arrival, client, channel);
    const leaveBoard = request.takesAdditions ? tellAll(peer, client, room) : undefined;
    const hearing = isByUdp
      ? this.#hearByUdp(arrival, client, room, stream)
      : this.#hearByWebSocket(arrival, channel, stream);
    const out = (): void => {
      hearing.stop();
      leaveBoard?.();
      leave(channel, room, client);
    };
    peer.onClosing = out;
    peer.on('close', out);
    admission.hear(peer, (message, isBinary) => {
      const event = readClientEvent(message, isBinary);
      if (event?.type === 'connected') {
        hearing.connected(event);
        want?.();
      }
      if (event?.type === 'retract') throw invalid('This is a Retract of a listener: only a host sends it.');
      if (event?.type === 'speakers')
        throw invalid('This is a Speakers of a listener: only a host sends it.');
      if (event?.type === 'guilds') seatGuilds(event, attendance, limits.LISTENERS_PER_PODCAST);
    });
    if (!isByUdp) room.announcements.enter(client);
  }

  #hearByUdp(arrival: Arrival, client: EventsClient, room: Room, stream: Stream): Hearing {
    const listeners = room.udp[stream];
    const session = this.#sessionOf(arrival, (endpoint) => listeners.destinations.add(endpoint));
    const leaveStream = listeners.add(arrival.peer);
    return {
      connected: joinBy(session, room, client),
      stop() {
        session.close();
        leaveStream();
      },
    };
  }

  #hearByWebSocket({ peer, socket }: Arrival, channel: Channel, stream: Stream): Hearing {
    return {
      stop: this.#options.groups.of(channel, stream).add(peer, socket),
      connected() {
        throw invalid(
          'This is a Connected of a client that asked for audio=websocket: it has no UDP address.',
        );
      },
    };
  }

  #sessionOf({ peer, address }: Arrival, use: (endpoint: Endpoint) => () => void): UdpSession {
    return new UdpSession({
      ownAddress: canonicalAddress(address),
      isProof: (endpoint, cookie) => this.#cookies.proves(peer.clientId, endpoint, cookie),
      use,
    });
  }

  #sayHello({ request, socket }: Arrival, client: EventsClient, { podcast }: Channel): void {
    const { hub, udp } = this.#options;
    const { id: podcastId, key: secret, resumeToken: token } = podcast;
    const { ip } = whereaboutsFor(this.#options, socket);
    const hello = { type: 'hello', podcastId, ip, port: udp.port, secret } as const;
    if (!request.takesAdditions) return client.tell(writeJsonEvent(hello));
    const { clientId, isHost } = client;
    const resume = { token, seconds: hub.resumeSeconds };
    return client.tell(writeJsonEvent({ ...hello, additions: isHost ? { clientId, resume } : { clientId } }));
  }

  #roomOf(channel: Channel): Room {
    const { hub, udp, limits, counters, clock } = this.#options;
    let room = this.#rooms.get(channel);
    if (!room) {
      room = new Room({
        channel,
        clock,
        makeAudience: () => udp.audience(),
        smallAudience: limits.SMALL_AUDIENCE_LISTENERS,
        onOut: (packets) => counters.add('packets-out', packets),
      });
      for (const stream of STREAMS) hub.addSink(channel, stream, room.udp[stream]);
      this.#rooms.set(channel, room);
    }
    return room;
  }
}

/** What a listener that asked for all events is told besides. @returns what ends it */
function tellAll(peer: PeerSocket, client: EventsClient, { facts }: Room): () => void {
  peer.sayRetracted = ({ json }) => client.tell(json);
  return facts.add(client);
}

/** What a listener counts as. */
function kindOf({ audio, isPage }: UpgradeRequest): 'websocket' | 'udp' | 'page' {
  if (audio !== 'websocket') return 'udp';
  return isPage ? 'page' : 'websocket';
}

/** @throws ContractError (4002) for what this lane does not do */
function servedStream({ audio = 'udp', stream, wantsToHost }: UpgradeRequest): Stream {
  if (audio !== 'udp' && (audio !== 'websocket' || wantsToHost)) {
    const choice = wantsToHost ? 'a host here sends its audio over udp' : 'it is udp or websocket';
    throw invalid(`This is no audio: ${choice}.`);
  }
  if (stream === undefined) return 'tracks';
  if (wantsToHost) {
    throw invalid('This is a stream of a host: it sends tracks, and only a listener has a choice.');
  }
  if (stream === 'tracks' || stream === 'programme') return stream;
  throw invalid('This is no stream: it is tracks or programme.');
}

/** Whoever has no place to hear it wants no programme yet. @returns what throws ContractError (4009) */
function wantOnce(programmes: Programmes, peer: PeerSocket, { channel, account }: Attendance): () => void {
  let isWanted = false;
  return () => {
    if (isWanted) return;
    isWanted = true;
    const { address } = peer;
    const refuse = (error: ContractError): void => void peer.dismissFor(error);
    peer.on('close', programmes.want(channel, { address, hasAccount: account.is === 'proved', refuse }));
  };
}

/** Whoever says where its socket is, and is believed, is in. */
function joinBy(
  session: UdpSession,
  { announcements }: Room,
  client: EventsClient,
): (claim: Connected) => void {
  return (claim) => {
    session.connected(claim);
    announcements.enter(client);
  };
}

/**
 * @throws ContractError (4002) for more than a podcast may have listeners, and for who has no account;
 * AccountsBusyError for whose account has not been seen to
 */
function seatGuilds({ guilds }: Guilds, { seat, account }: Attendance, most: number): void {
  if (account.is === 'busy') throw account.error;
  if (account.is === 'none') {
    throw invalid('This is a Guilds of a listener without an account: it says client_id and client_secret.');
  }
  if (guilds > most) throw invalid(`This is a Guilds of ${guilds}: ${most} is the most.`);
  seat.countAsGuilds(guilds, account.id, most);
}

/** Whoever leaves because the podcast is over leaves without a word: everyone is told of that. */
function leave({ podcast }: Channel, { announcements }: Room, client: EventsClient): void {
  if (podcast.state.name !== 'ended') announcements.leave(client);
}

function invalid(sentence: string): ContractError {
  return new ContractError(CLOSE.invalidPayload, sentence);
}
