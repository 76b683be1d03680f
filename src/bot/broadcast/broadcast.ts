/** One show: a voice channel, captured, sealed and streamed to the relay, from the command that starts it to its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type VoiceBasedChannel, type VoiceState, channelMention } from 'discord.js';
import { type PodcastHost, hostPodcast } from '../../client/podcast-host.ts';
import { getPodcast } from '../../client/rest-client.ts';
import type { PodcastObject } from '../../protocol/rest.ts';
import type { Text } from '../../texts/catalogue.ts';
import type { CapturedFrame } from '../capture/voice-capture.ts';
import { whyDeparted } from '../departure.ts';
import type { SeatHolder } from '../guild-seats.ts';
import type { PanelFacts } from '../panel/panel-view.ts';
import { VoicePresence, peopleIn } from '../voice/voice-presence.ts';
import type { BroadcastOptions, BroadcastStatus } from './broadcast-options.ts';
import { OnAirSigns } from './on-air-signs.ts';
import { PRESENCE_WORDS, notBegun } from './show-words.ts';
import { SpeakerNames } from './speaker-names.ts';
import { Speakers } from './speakers.ts';

// The last messages of a show are worth a moment, but not a shutdown that hangs while Discord is slow.
const LAST_MESSAGE_MS = 1200;
/** A slow Discord keeps the bot no longer in a channel that is not on air any more. */
const UNMARK_MS = 750;

/** Joins its channel as soon as it is made; `begin` puts it on air. */
export class Broadcast implements SeatHolder {
  readonly startedAtMs: number;
  /** By which people in and around the channel can tell that it is on air. */
  readonly signs: OnAirSigns;
  readonly #options: BroadcastOptions;
  readonly #speakers = new Speakers(Date.now());
  readonly #names = new SpeakerNames({
    mayName: () => this.#options.consent.showsNames(this.channel.guildId),
    present: () => this.#speakers.present().filter(({ userId }) => this.#mayHear(userId)),
    nameOf: (userId) => this.channel.guild.members.cache.get(userId)?.displayName,
    say: (speakers) => this.#host?.nameSpeakers(speakers),
  });
  readonly #presence: VoicePresence;
  readonly #ownUserId: string;
  /** The channel is marked: from here on its people are heard. */
  #isMarked = false;
  /** On air, and everybody has been told. */
  #hasBegun = false;
  #host: PodcastHost | undefined;
  #begun: Promise<void> | undefined;
  #lastMessages: Promise<unknown> | undefined;
  /** Out of the channel after the end, where that takes a moment. */
  #departed: Promise<void> | undefined;
  /** Why the show is over, or over for this process. */
  #ending: Text | undefined;

  constructor(options: BroadcastOptions) {
    const { channel, timings, log, joinDelayMs = 0 } = options;
    this.#options = options;
    this.startedAtMs = options.earlier?.startedAtMs ?? Date.now();
    this.#ownUserId = channel.client.user.id;
    this.#presence = new VoicePresence({
      channel,
      timings,
      log,
      words: PRESENCE_WORDS,
      joinDelayMs,
      trouble: options.host && (({ voice }) => voice.restarted),
      capture: {
        mayHear: (userId) => this.#mayHear(userId),
        onFrame: (frame) => this.#onFrame(frame),
        onUndecryptable: (userId) => this.#speakers.failed(userId),
      },
      events: {
        onChanged: () => this.#changed(),
        onEmpty: (why) => this.#end(why),
        onEnded: (why) => this.#end(why),
      },
    });
    this.signs = new OnAirSigns({
      ...options,
      title: options.description.title ?? channel.name,
      visibility: options.description.visibility ?? 'public',
      startedAtMs: this.startedAtMs,
      now: () => ({ speaking: this.#speaking(), sound: this.#sound() }),
      followListeners: (onCount) => options.listenerPoll.follow(this.podcast.id, onCount),
      voice: () => this.#presence.sender,
      onPanelPosted: () => this.#changed(),
    });
  }

  /**
   * Resolves when the show is on air. Whatever goes wrong, the bot is out of the channel again and nothing is on air.
   * @throws Refusal when the channel cannot be joined or `stop` came first; RestError, EndedError when the relay refuses.
   *   All say why in a sentence.
   */
  begin(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  async #begin(): Promise<void> {
    const { host } = this.#options;
    if (host) return this.#goOn(host);
    try {
      await this.#presence.entered();
      await this.#goLive();
      await this.#mark();
      if (this.#ending !== undefined) throw notBegun(this.#ending);
      this.#announce();
    } catch (error) {
      const why = this.#ending;
      this.#end(({ show }) => show.couldNotBegin);
      await Promise.all([this.#host?.close(), this.#departed]);
      throw why === undefined ? error : notBegun(why);
    }
  }

  async #goLive(): Promise<void> {
    const { relay, account, description } = this.#options;
    this.#attend(await hostPodcast({ relay, account, description }));
    if (this.#ending !== undefined) throw notBegun(this.#ending);
    // Known before the channel is marked: what was there before the mark must outlive a crash.
    this.#changed();
  }

  /** It is on air while the bot is on its way into the channel. */
  #goOn(host: PodcastHost): void {
    this.#attend(host);
    this.#announce();
    this.#presence.entered('all tries').then(
      () => this.#mark(),
      // Then it has ended, and everybody has been told why.
      () => {},
    );
  }

  async #mark(): Promise<void> {
    await this.signs.mark(() => this.#end(({ show }) => show.unmarked));
    this.#isMarked = true;
  }

  #announce(): void {
    this.#hasBegun = true;
    this.#presence.settle();
    this.signs.announce();
    this.#changed();
  }

  #attend(host: PodcastHost): void {
    const { log } = this.#options;
    const podcast = host.podcast.id;
    this.#host = host;
    host.on('interrupted', (why) => log.warn({ podcast, why }, 'relay connection lost, resuming'));
    host.on('live', () => log.info({ podcast }, 'relay connection resumed'));
    host.on('ended', (ending) =>
      this.#end(({ show, relay: { ended } }) => show.endedByRelay({ why: ended(ending) })),
    );
  }

  get channel(): VoiceBasedChannel {
    return this.#presence.channel;
  }

  get occupation(): Text {
    const channel = channelMention(this.channel.id);
    const { isOnAir } = this;
    return ({ show }) => (isOnAir ? show.alreadyOnAir({ channel }) : show.aboutToBegin({ channel }));
  }

  /** Who asked for the show. */
  get hostUserId(): string {
    return this.#options.hostUserId;
  }

  get podcast(): PodcastObject {
    if (!this.#host) throw new Error('not on air yet');
    return this.#host.podcast;
  }

  get isOnAir(): boolean {
    return this.#host !== undefined && this.#ending === undefined;
  }

  status(): BroadcastStatus {
    const drops = { ...this.#presence.drops, ...this.#host?.drops };
    return {
      speaking: this.#speaking(),
      frames: this.#host?.sent ?? 0,
      drops: Object.fromEntries(Object.entries(drops).filter(([, count]) => count > 0)),
    };
  }

  /** How many listen right now, asked of the relay. @throws RestError */
  async listeners(): Promise<number> {
    const { relay, account } = this.#options;
    return (await getPodcast(relay, this.podcast.id, account)).listeners;
  }

  /** Somebody may be heard or named who could not be, or may not any more: then what still waits of theirs is called back. */
  consentChanged(): void {
    for (const ssrc of this.#speakers.takeOff((userId) => !this.#mayHear(userId))) this.#host?.retract(ssrc);
    for (const userId of peopleIn(this.channel)) if (!this.#mayHear(userId)) this.#presence.silenced(userId);
    this.#names.changed();
  }

  /** The show is over: not a word that is said elsewhere belongs to this podcast. */
  async botIsElsewhere(after: VoiceState): Promise<void> {
    if (!this.#presence.isDeparture(after.channelId)) return;
    // At once, before anything is asked.
    this.#presence.withdraw();
    this.#end(await whyDeparted(after));
  }

  peopleChanged(leftUserId?: string): void {
    if (leftUserId !== undefined) this.#speakers.left(leftUserId);
    this.#presence.peopleChanged(leftUserId);
    this.#names.changed();
  }

  /**
   * Ends the show, or keeps one that is about to begin from beginning: leaves the channel, ends the podcast for everyone.
   * Resolves when that is done and the channel has been told.
   */
  async stop(why: Text): Promise<void> {
    this.#end(why);
    // Whoever waits for the beginning is told there what went wrong.
    await this.#begun?.catch(() => {});
    const soon = pause(LAST_MESSAGE_MS, undefined, { ref: false });
    const told = async (): Promise<void> => {
      await this.#departed;
      await this.#lastMessages;
    };
    await Promise.all([this.#host?.close(), Promise.race([told(), soon])]);
  }

  gatewayIsBack(isAnew: boolean, delayMs: number): void {
    this.#presence.gatewayIsBack(isAnew, delayMs);
  }

  /** One that is about to begin does not begin. */
  async suspend(why: Text): Promise<void> {
    if (!this.#host || !this.#hasBegun || this.#ending) return await this.stop(why);
    this.#ending = why;
    this.#presence.leave(why);
    const told = this.#presence.say((words) => words.show.goesOn({ why: why(words) }));
    const soon = pause(LAST_MESSAGE_MS, undefined, { ref: false });
    await Promise.all([
      this.#host.suspend(),
      Promise.race([Promise.all([told, this.signs.suspend()]), soon]),
    ]);
  }

  /** Resolves when it is known. @returns whether people in the channel can hear the spoken notice */
  async maySpeak(): Promise<boolean> {
    return await this.#presence.maySpeak();
  }

  /** The bot's own voice never, whatever a guild's people agreed to: what it plays would come round again. */
  #mayHear(userId: string): boolean {
    return userId !== this.#ownUserId && this.#options.consent.isOnAir(this.channel.guildId, userId);
  }

  #onFrame(frame: CapturedFrame): void {
    if (!this.#isMarked || this.#ending !== undefined) return;
    if (this.#speakers.heard(frame, Date.now())) this.#names.changed();
    this.#host?.send(frame);
  }

  #speaking(): string[] {
    return this.#speakers.speaking(Date.now()).map((id) => this.#presence.nameOf(id));
  }

  #sound(): PanelFacts['sound'] {
    const isAway = this.#presence.trouble !== undefined || this.#host?.isConnected === false;
    return isAway ? { is: 'away' } : this.#speakers.sound(Date.now());
  }

  #changed(): void {
    if (this.#host) this.#options.onChanged?.();
  }

  #end(why: Text): void {
    if (this.#ending !== undefined) return;
    this.#ending = why;
    this.#host?.close().catch(() => {});
    // Discord lets only those change a channel's status who are in it.
    if (this.signs.isMarked && this.#presence.isIn) this.#departed = this.#unmarkAndLeave(why);
    else this.#leave(why);
    this.#changed();
  }

  async #unmarkAndLeave(why: Text): Promise<void> {
    await Promise.race([this.signs.unmark(), pause(UNMARK_MS, undefined, { ref: false })]);
    this.#leave(why);
  }

  #leave(why: Text): void {
    this.#presence.leave(why);
    const unmarked = this.signs.isMarked && this.signs.unmark();
    if (!this.#hasBegun) return;
    const said = this.#presence.say((words) => words.show.over({ why: why(words) }));
    this.#lastMessages = Promise.all([said, this.signs.close(), unmarked]);
    this.#options.onEnded(why);
  }
}
