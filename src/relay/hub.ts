/** Where the lanes meet: brings a podcast's sender and listeners together, whatever they are connected by. */
import type { Logger } from 'pino';
import { CLOSE, type CloseCode, ContractError } from '../protocol/close-codes.ts';
import type { Limits } from '../protocol/limits.ts';
import { nonceOf } from '../protocol/packet.ts';
import type { ListenerKind } from '../protocol/rest.ts';
import {
  type About,
  activeSinceMs,
  end,
  goLive,
  interrupt,
  isResumeToken,
  overdue,
  restored,
  resume,
} from '../podcast/podcast.ts';
import { Roster } from '../podcast/roster.ts';
import { Channel, type Sender, type Sink, type Stream } from './channel.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import { type EndedPodcast, EndedPodcasts } from './ended-podcasts.ts';
import { PodcastKeeper } from './podcast-keeper.ts';
import type { PodcastStore } from './podcast-store.ts';
import type { Seat } from './seat.ts';
import { Seats } from './seats.ts';

/** A bot has to log in again and to join before it can host; no restart gives a host less than this to come back. */
const RESTORED_SECONDS = 60;

export interface HubOptions {
  readonly limits: Limits;
  readonly senderTimeoutSeconds: number;
  readonly resumeSeconds: number;
  readonly clock: Clock;
  readonly counters: Counters;
  /** Undefined: podcasts end with the process. */
  readonly podcastStore?: PodcastStore | undefined;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export class Hub {
  readonly #options: HubOptions;
  readonly #roster: Roster;
  readonly #keeper: PodcastKeeper;
  readonly #channels = new Map<number, Channel>();
  /** What ended only because this relay stops: it would be on air again after a restart. */
  readonly #leftBehind = new Map<number, Channel>();
  readonly #ended = new EndedPodcasts();
  readonly #seats: Seats;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#seats = new Seats(options.limits);
    this.#roster = new Roster(options.limits, options.senderTimeoutSeconds);
    const { podcastStore: store, clock, log } = options;
    this.#keeper = new PodcastKeeper({ store, clock, log });
    this.#restore();
  }

  /** How long a host whose connection dropped has to come back. */
  get resumeSeconds(): number {
    return this.#options.resumeSeconds;
  }

  /** @throws ContractError (4009) when the account or the relay has as many podcasts as it may */
  create(host: string, about: About): Channel {
    const podcast = this.#roster.add(host, about, this.#options.clock.nowMs());
    const channel = new Channel(podcast);
    this.#channels.set(podcast.id, channel);
    this.#options.counters.add('podcasts-created');
    this.#note(channel, 'podcast created', { host, visibility: about.visibility });
    return channel;
  }

  /**
   * Takes back what an earlier process left on air; each waits for its host. Before anybody can connect: a listener who
   * comes back must not be told that there is no such podcast.
   */
  #restore(): void {
    const { clock } = this.#options;
    const seconds = Math.max(this.resumeSeconds, RESTORED_SECONDS);
    for (const kept of this.#keeper.restore()) {
      const state = restored(kept.activeSinceMs, clock.nowMs(), seconds);
      const channel = new Channel(this.#roster.restore(kept, state));
      this.#channels.set(kept.id, channel);
      this.#note(channel, 'podcast restored', { resumeSeconds: seconds });
    }
  }

  /** The relay has started: from now on it is noted what is on air. */
  begin(): void {
    this.#keeper.begin();
  }

  /** A podcast that has not ended. */
  find(id: number): Channel | undefined {
    return this.#channels.get(id);
  }

  /** A podcast that has not ended for good: after a restart it would be there. */
  findKept(id: number): Channel | undefined {
    return this.#channels.get(id) ?? this.#leftBehind.get(id);
  }

  /** A podcast that has ended for good within the last day. */
  findEnded(id: number): EndedPodcast | undefined {
    return this.#ended.find(id, this.#options.clock.nowMs());
  }

  /** The public podcasts that have not ended. */
  listed(): readonly Channel[] {
    return [...this.#channels.values()].filter(({ podcast }) => podcast.about.visibility === 'public');
  }

  /**
   * A host that proved its account takes up its podcast, or comes back to it while it is interrupted.
   * @throws ContractError (4004) when the podcast has a sender
   */
  takeUp(channel: Channel, sender: Sender): void {
    const { podcast } = channel;
    switch (podcast.state.name) {
      case 'created':
        podcast.state = goLive(podcast.state, this.#options.clock.nowMs());
        for (const sink of channel.sinks.tracks) sink.onAir?.();
        this.#note(channel, 'podcast on air');
        break;
      case 'interrupted':
        podcast.state = resume(podcast.state);
        this.#note(channel, 'podcast resumed');
        break;
      case 'live':
      case 'ended':
        throw new ContractError(CLOSE.senderAlreadyConnected);
    }
    channel.sender = sender;
    this.#keeper.note(podcast);
    channel.changed('podcast');
  }

  /**
   * A host comes back with its resume token, also while the relay has not noticed that the old connection is dead.
   * @throws ContractError (4001) when the token is not this podcast's
   */
  resume(channel: Channel, token: string, sender: Sender): void {
    const { podcast } = channel;
    if (!isResumeToken(podcast, token)) {
      throw new ContractError(CLOSE.invalidAuth, 'This resume token is not of this podcast.');
    }
    if (podcast.state.name !== 'live') return this.takeUp(channel, sender);
    const old = channel.sender;
    channel.sender = sender;
    old?.dismiss(CLOSE.senderAlreadyConnected, 'The host came back on another connection.');
    this.#note(channel, 'podcast resumed');
  }

  /** A sender's connection is gone. One that was replaced before changes nothing. */
  leave(channel: Channel, sender: Sender, manner: 'deliberate' | 'dropped'): void {
    const { podcast } = channel;
    if (channel.sender !== sender || podcast.state.name !== 'live') return;
    channel.sender = undefined;
    if (manner === 'deliberate') return this.end(channel, CLOSE.senderDisconnected);
    podcast.state = interrupt(podcast.state, this.#options.clock.nowMs(), this.resumeSeconds);
    this.#keeper.note(podcast);
    // Nobody says any more who speaks; and with it listeners are told the state.
    channel.nameSpeakers([]);
    this.#note(channel, 'podcast interrupted', { resumeSeconds: this.resumeSeconds });
  }

  /**
   * Hands a packet of the host to every sink of the tracks; one whose nonce was there before is dropped and counted.
   * @param packet `1 ‖ nonce ‖ sealed`, checked by the lane; it is kept, so its bytes must not change any more
   */
  publish(channel: Channel, packet: Uint8Array): void {
    const { counters } = this.#options;
    if (!channel.podcast.replay.accept(nonceOf(packet))) {
      counters.add('replay');
      return;
    }
    counters.add('packets-in');
    counters.add('bytes-in', packet.length);
    channel.totals.packets += 1;
    channel.totals.bytes += packet.length;
    for (const sink of channel.sinks.tracks) sink.publish(packet);
  }

  /** Hands a packet that this relay made itself to every sink of the programme. @param packet as for `publish` */
  publishProgramme(channel: Channel, packet: Uint8Array): void {
    for (const sink of channel.sinks.programme) sink.publish(packet);
  }

  /** The host takes back what it sent of a speaker: of all that has not gone out yet nothing does. @param ssrc u32 */
  retract(channel: Channel, ssrc: number): void {
    this.#retract(channel.sinks.tracks, ssrc);
    channel.withdrawSpeaker(ssrc);
  }

  /** The same for what was made of it. @param ssrc u32, of the programme */
  retractProgramme(channel: Channel, ssrc: number): void {
    this.#retract(channel.sinks.programme, ssrc);
  }

  #retract(sinks: ReadonlySet<Sink>, ssrc: number): void {
    for (const sink of sinks) this.#options.counters.add('retracted', sink.retract(ssrc));
  }

  /**
   * Gives a listener its seat; it is counted until it leaves that.
   * @throws ContractError (4009) when the podcast, the relay or the address has as many as it may
   */
  admitListener(channel: Channel, address: string, kind: ListenerKind): Seat {
    return this.#seats.take(channel, address, kind);
  }

  /** Packets that a slow listener lost. */
  noteDrops(channel: Channel, packets: number): void {
    channel.totals.drops += packets;
    this.#options.counters.add('slow-listener', packets);
  }

  addSink(channel: Channel, stream: Stream, sink: Sink): void {
    channel.sinks[stream].add(sink);
  }

  removeSink(channel: Channel, stream: Stream, sink: Sink): void {
    channel.sinks[stream].delete(sink);
  }

  /** Gives a private podcast another listen key; whoever listens by the old one is put out (4001). */
  renewListenKey(channel: Channel): void {
    this.#roster.renewListenKey(channel.podcast);
    this.#keeper.note(channel.podcast);
    for (const sink of sinksOf(channel)) sink.end(CLOSE.invalidAuth, 'The host changed the listen key.');
    this.#note(channel, 'listen key renewed');
  }

  /** Ends a podcast for everyone; one that ends because this relay goes away stays kept. */
  end(channel: Channel, close: CloseCode, sentence: string = close.sentence): void {
    const { podcast, sender } = channel;
    const wasOnAir = activeSinceMs(podcast.state) !== null;
    if (close === CLOSE.goingAway) this.#leftBehind.set(podcast.id, channel);
    else this.#keeper.forget(podcast);
    if (podcast.state.name === 'ended') return;
    podcast.state = end(podcast.state, close);
    if (close !== CLOSE.goingAway) this.#ended.add(podcast, wasOnAir, this.#options.clock.nowMs());
    this.#channels.delete(podcast.id);
    this.#roster.remove(podcast);
    channel.sender = undefined;
    sender?.dismiss(close, sentence);
    for (const sink of sinksOf(channel)) sink.end(close, sentence);
    for (const sinks of Object.values(channel.sinks)) sinks.clear();
    this.#options.counters.add('podcasts-ended');
    this.#note(channel, 'podcast ended', { close: close.code, ...channel.totals });
  }

  /** Ends the podcasts whose sender has not come in time. */
  sweep(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const channel of this.#channels.values()) {
      const close = overdue(channel.podcast.state, nowMs);
      if (close) this.end(channel, close);
    }
  }

  /** Ends every podcast because this relay stops. */
  close(): void {
    this.#keeper.close();
    for (const channel of this.#channels.values()) this.end(channel, CLOSE.goingAway);
  }

  #note(channel: Channel, event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.log.info({ podcast: channel.podcast.id, ...fields }, event);
  }
}

/** A copy: a sink that is put an end to may leave. */
function sinksOf({ sinks }: Channel): Sink[] {
  return [...sinks.tracks, ...sinks.programme];
}
