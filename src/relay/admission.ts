/** Decides who may host and who may listen, whichever lane they come by (protocol.md §1, §2, §3). */
import { WebSocket } from 'ws';
import { AccountsBusyError } from '../accounts/account-store.ts';
import { type About, admits } from '../podcast/podcast.ts';
import { CLOSE, ContractError, invalidPayload } from '../protocol/close-codes.ts';
import { type Authenticator, namesAccount } from './authentication.ts';
import type { Limits } from '../protocol/limits.ts';
import type { NamedSpeaker } from '../protocol/podcast-facts.ts';
import type { ListenerKind } from '../protocol/rest.ts';
import type { Channel } from './channel.ts';
import type { Clock } from './clock.ts';
import { Rate } from './rate.ts';
import type { Hub } from './hub.ts';
import { ORDINARY_MESSAGE_MAX_BYTES, type PeerSocket } from './peer-socket.ts';
import type { Seat } from './seat.ts';
import type { UpgradeRequest } from './upgrade-request.ts';

/** RFC 6455 §7.4.1: a close frame with "normal closure", and one without any code. */
const DELIBERATE_CLOSES: readonly number[] = [1000, 1005];
const NO_ACCOUNT = { is: 'none' } as const;
/** A podcast that is made by connecting: there is no body to say more. */
const NOTHING_SAID: About = { title: '', description: '', guild: '', visibility: 'public' };

export interface AdmissionOptions {
  readonly hub: Hub;
  readonly authenticator: Authenticator;
  readonly limits: Pick<
    Limits,
    'HOST_MESSAGES_PER_SECOND' | 'RETRACTS_PER_SECOND' | 'SPEAKERS_PER_SECOND' | 'LISTENER_EVENTS_PER_SECOND'
  >;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** What a listener has proved about an account. */
export type ProvedAccount =
  | { readonly is: 'none' }
  | { readonly is: 'busy'; readonly error: AccountsBusyError }
  | { readonly is: 'proved'; readonly id: string };

/** A listener that was let in. */
export interface Attendance {
  readonly channel: Channel;
  readonly seat: Seat;
  /** What it has proved; `busy`: it names one, but too many verifications waited to see to it. */
  readonly account: ProvedAccount;
}

/** What a host says besides audio. Each throws ContractError (4009) for more than it may say. */
export interface HostSays {
  /** @param ssrc u32 */
  retract(ssrc: number): void;
  /** @param messageBytes of the message that it came in: a long one was counted before it was read */
  speakers(speakers: readonly NamedSpeaker[], messageBytes: number): void;
}

interface SayingRates {
  readonly retracts: Rate;
  readonly speakers: Rate;
}

export class Admission {
  readonly #hub: Hub;
  readonly #authenticator: Authenticator;
  readonly #options: AdmissionOptions;
  /** Of a podcast, not of a connection: coming back makes no room for more. */
  readonly #sayingRates = new WeakMap<Channel, SayingRates>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#hub = options.hub;
    this.#authenticator = options.authenticator;
  }

  /**
   * Makes a peer the sender of the podcast that it asks for, which is made where it names none; undefined when it has gone meanwhile.
   * @throws ContractError (4000, 4001, 4004, 4006, 4009), AccountsBusyError
   */
  async host(peer: PeerSocket, request: UpgradeRequest): Promise<Channel | undefined> {
    if (request.resumeToken !== undefined) {
      const channel = this.#channelOf(request);
      this.#hub.resume(channel, request.resumeToken, peer);
      return channel;
    }
    const account = await this.#accountOf(peer, request);
    if (peer.readyState !== WebSocket.OPEN) return undefined;
    const channel = request.makesPodcast ? this.#hub.create(account, NOTHING_SAID) : this.#channelOf(request);
    if (channel.podcast.host !== account) {
      throw new ContractError(CLOSE.invalidAuth, 'This account is not the host of this podcast.');
    }
    this.#hub.takeUp(channel, peer);
    return channel;
  }

  /**
   * Hands each message of a sender to `take`. One that breaks the contract closes the peer; the podcast then waits
   * for its host as after any drop, until the peer closes deliberately. A long message can only be Speakers, and counts as
   * such before anybody reads it.
   * @param take throws ContractError for what is not of the contract
   */
  attend(peer: PeerSocket, channel: Channel, take: (message: Buffer, isBinary: boolean) => void): void {
    const guarded = this.guard(peer, channel, (message: Buffer, isBinary: boolean) => {
      if (isLong(message.length)) this.#countSpeakers(channel);
      take(message, isBinary);
    });
    peer.on('message', (message: Buffer, isBinary) => {
      if (peer.readyState === WebSocket.OPEN) guarded(message, isBinary);
    });
    peer.on('close', (code) => {
      this.#hub.leave(channel, peer, DELIBERATE_CLOSES.includes(code) ? 'deliberate' : 'dropped');
    });
  }

  /**
   * Makes of `take` what a sender's messages or datagrams can be handed to: it keeps to the rate of a host, and what
   * breaks the contract closes the peer.
   */
  guard<Message extends unknown[]>(
    peer: PeerSocket,
    channel: Channel,
    take: (...message: Message) => void,
  ): (...message: Message) => void {
    const { limits, clock } = this.#options;
    const rate = new Rate(limits.HOST_MESSAGES_PER_SECOND);
    return (...message) => {
      try {
        if (!rate.take(clock.nowMs())) throw tooMany('host', limits.HOST_MESSAGES_PER_SECOND);
        take(...message);
      } catch (error) {
        // At once, because what the peer answers to a dismissal must not count as its leaving.
        this.#hub.leave(channel, peer, 'dropped');
        if (!peer.dismissFor(error)) throw error;
      }
    };
  }

  /** What the events of a podcast's sender are handed to. */
  saying(channel: Channel): HostSays {
    const { limits, clock } = this.#options;
    const { retracts } = this.#sayingRatesOf(channel);
    return {
      retract: (ssrc) => {
        if (!retracts.take(clock.nowMs())) throw tooMany('host', limits.RETRACTS_PER_SECOND, 'Retracts');
        this.#hub.retract(channel, ssrc);
      },
      speakers: (speakers, messageBytes) => {
        if (!isLong(messageBytes)) this.#countSpeakers(channel);
        channel.nameSpeakers(speakers);
      },
    };
  }

  /** @throws ContractError (4009) */
  #countSpeakers(channel: Channel): void {
    const { limits, clock } = this.#options;
    const { speakers } = this.#sayingRatesOf(channel);
    if (!speakers.take(clock.nowMs())) throw tooMany('host', limits.SPEAKERS_PER_SECOND, 'Speakers');
  }

  #sayingRatesOf(channel: Channel): SayingRates {
    const { limits } = this.#options;
    const rates = this.#sayingRates.get(channel) ?? {
      retracts: new Rate(limits.RETRACTS_PER_SECOND),
      speakers: new Rate(limits.SPEAKERS_PER_SECOND),
    };
    this.#sayingRates.set(channel, rates);
    return rates;
  }

  /**
   * Hands each message of a listener to `take`. One that breaks the contract closes the peer; nobody else notices.
   * @param take throws ContractError for what is not of the contract
   */
  hear(peer: PeerSocket, take: (message: Buffer, isBinary: boolean) => void): void {
    const { limits, clock } = this.#options;
    const rate = new Rate(limits.LISTENER_EVENTS_PER_SECOND);
    peer.on('message', (message: Buffer, isBinary) => {
      if (peer.readyState !== WebSocket.OPEN) return;
      try {
        if (!rate.take(clock.nowMs())) throw tooMany('listener', limits.LISTENER_EVENTS_PER_SECOND);
        assertOrdinary(message);
        take(message, isBinary);
      } catch (error) {
        if (!peer.dismissFor(error)) throw error;
      }
    });
  }

  /**
   * Counts a peer in as a listener, until it closes; undefined when it has gone meanwhile.
   * @throws ContractError (4001, 4006, 4009); AccountsBusyError when a private podcast opens to nothing but an account
   */
  async listen(
    peer: PeerSocket,
    request: UpgradeRequest,
    kind: Extract<ListenerKind, 'websocket' | 'udp' | 'page'>,
  ): Promise<Attendance | undefined> {
    const { podcast } = this.#channelOf(request);
    const isAdmitted = admits(podcast, request.listenKey);
    // Only events make a difference between listeners that have an account and others.
    const isAsked = !isAdmitted || (request.lane === 'events' && namesAccount(request.headers));
    const account = isAsked ? await this.#listenersAccount(peer, request, isAdmitted) : NO_ACCOUNT;
    const isHost = account.is === 'proved' && account.id === podcast.host;
    if (!isAdmitted && !isHost) throw new ContractError(CLOSE.unknownPodcast);
    const channel = this.#channelOf(request);
    if (peer.readyState !== WebSocket.OPEN) return undefined;
    const seat = this.#hub.admitListener(channel, peer.address, kind);
    peer.on('close', () => seat.leave());
    return { channel, seat, account };
  }

  /** @param isAdmitted also without an account; otherwise a wrong secret must not tell that there is such a podcast */
  async #listenersAccount(
    { address }: PeerSocket,
    { headers }: UpgradeRequest,
    isAdmitted: boolean,
  ): Promise<ProvedAccount> {
    try {
      const authentication = await this.#authenticator.authenticate(headers, address);
      if (authentication.result === 'verified') return { is: 'proved', id: authentication.account };
      if (authentication.result === 'invalid' && isAdmitted) throw new ContractError(CLOSE.invalidAuth);
      return NO_ACCOUNT;
    } catch (error) {
      if (isAdmitted && error instanceof AccountsBusyError) return { is: 'busy', error };
      throw error;
    }
  }

  #channelOf({ podcastId }: UpgradeRequest): Channel {
    const channel = podcastId === undefined ? undefined : this.#hub.find(podcastId);
    if (!channel) throw new ContractError(CLOSE.unknownPodcast);
    return channel;
  }

  async #accountOf({ address }: PeerSocket, { headers }: UpgradeRequest): Promise<string> {
    const authentication = await this.#authenticator.authenticate(headers, address);
    if (authentication.result === 'missing') throw new ContractError(CLOSE.missingAuth);
    if (authentication.result === 'invalid') throw new ContractError(CLOSE.invalidAuth);
    return authentication.account;
  }
}

function isLong(messageBytes: number): boolean {
  return messageBytes > ORDINARY_MESSAGE_MAX_BYTES;
}

function assertOrdinary({ length }: Buffer): void {
  if (!isLong(length)) return;
  throw invalidPayload(
    `a message of ${length} bytes of a listener: ${ORDINARY_MESSAGE_MAX_BYTES} is the most`,
  );
}

function tooMany(who: 'host' | 'listener', perSecond: number, what = 'messages'): ContractError {
  return new ContractError(CLOSE.capacity, `A ${who} sends at most ${perSecond} ${what} a second.`);
}
