/** One guild that hears a podcast: the bot in a voice or stage channel there, from the command that brings it to its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type VoiceBasedChannel, type VoiceState, channelMention } from 'discord.js';
import type { Logger } from 'pino';
import type { Ending } from '../../client/relay-socket.ts';
import type { Text } from '../../texts/catalogue.ts';
import { whyDeparted } from '../departure.ts';
import type { SeatHolder } from '../guild-seats.ts';
import { plain } from '../plain-text.ts';
import { Refusal } from '../refusal.ts';
import { type PresenceTimings, type PresenceWords, VoicePresence } from '../voice/voice-presence.ts';
import { textOf } from '../words-for-errors.ts';
import type { Player, Tuner } from './tuner.ts';

export interface AudienceOptions {
  readonly channel: VoiceBasedChannel;
  readonly podcastId: number;
  readonly title: Text;
  /** From which server, or of which host, the podcast is. */
  readonly origin: Text;
  readonly tuner: Tuner;
  /** One of the steps of `volumeStep`. */
  readonly percent: number;
  /** It played before a restart, and plays on. */
  readonly goesOn: boolean;
  /** How long to wait before joining, ms. */
  readonly joinDelayMs: number;
  readonly timings: PresenceTimings;
  readonly log: Logger;
  /** It is in another channel of the guild now. */
  readonly onMoved: () => void;
  /** Over, whoever ended it; with why. Once. */
  readonly onEnded: (why: Text) => void;
}

/** How it goes. All counts since it began. */
export interface AudienceStatus {
  /** Frames that were handed to the channel. */
  readonly frames: number;
  /** Of these, those that were not sent, by reason; only the reasons that occurred. */
  readonly drops: Readonly<Record<string, number>>;
}

// The last message is worth a moment, but not a shutdown that hangs while Discord is slow.
const LAST_MESSAGE_MS = 1200;

const WORDS: PresenceWords = {
  away: ({ audience }) => audience.comingBack,
  back: ({ audience }) => audience.back,
  stage: {
    'hand-raised': ({ audience }) => audience.handRaised,
    audience: ({ audience }) => audience.inAudience,
  },
};

/** Joins its channel as soon as it is made; `begin` lets it play. */
export class Audience implements SeatHolder, Player {
  readonly startedAtMs: number = Date.now();
  readonly #options: AudienceOptions;
  readonly #presence: VoicePresence;
  #percent: number;
  #frames = 0;
  #hasBegun = false;
  #ending: Text | undefined;
  #lastMessage: Promise<void> | undefined;

  constructor(options: AudienceOptions) {
    const { channel, timings, log, joinDelayMs } = options;
    this.#options = options;
    this.#presence = new VoicePresence({
      channel,
      timings,
      log,
      joinDelayMs,
      words: WORDS,
      events: {
        onChanged: () => {},
        onEmpty: (why) => this.#end(why),
        onEnded: (why) => this.#end(why),
      },
    });
    this.#percent = options.percent;
    options.tuner.add(this, options.percent);
  }

  /**
   * Resolves when it plays. Whatever goes wrong, the bot is out of the channel again.
   * @throws Refusal that says why it cannot
   */
  async begin(): Promise<void> {
    try {
      const patience = this.#options.goesOn ? 'all tries' : 'one try';
      await Promise.all([this.#presence.entered(patience), this.#options.tuner.listening()]);
      if (this.#ending !== undefined) throw new Refusal(this.#ending);
    } catch (error) {
      const why = this.#ending ?? textOf(error);
      this.#end(why ?? (({ audience }) => audience.couldNotBegin));
      throw why ? new Refusal((words) => words.audience.notBegun({ why: why(words) })) : error;
    }
    this.#hasBegun = true;
    this.#presence.settle();
    void this.#sayWhatPlays();
  }

  get channel(): VoiceBasedChannel {
    return this.#presence.channel;
  }

  get podcastId(): number {
    return this.#options.podcastId;
  }

  /** With its Markdown escaped. */
  get title(): Text {
    return (words) => plain(this.#options.title(words));
  }

  /** It has begun, and is not over. */
  get plays(): boolean {
    return this.#hasBegun && this.#ending === undefined;
  }

  get occupation(): Text {
    const channel = channelMention(this.channel.id);
    return this.#hasBegun
      ? (words) => words.audience.alreadyPlaying({ title: this.title(words), channel })
      : ({ audience }) => audience.aboutToPlay({ channel });
  }

  /** How loud it plays; 100 is as it was sent. */
  get percent(): number {
    return this.#percent;
  }

  /** @param percent one of the steps of `volumeStep` */
  setVolume(percent: number): void {
    if (this.#ending !== undefined) return;
    this.#percent = percent;
    this.#options.tuner.add(this, percent);
  }

  status(): AudienceStatus {
    const drops = Object.entries(this.#presence.sendDrops).filter(([, count]) => count > 0);
    return { frames: this.#frames, drops: Object.fromEntries(drops) };
  }

  play(opus: Buffer, nowMs: number): void {
    // On the way into its channel it misses what others hear already.
    if (!this.#hasBegun) return;
    this.#frames += 1;
    this.#presence.send(opus, nowMs);
  }

  skip(nowMs: number): void {
    this.#presence.sender?.skip(nowMs);
  }

  rest(nowMs: number): void {
    this.#presence.sender?.rest(nowMs);
  }

  over(ending: Ending): void {
    this.#end(({ relay }) => relay.ended(ending));
  }

  /** Goes along with a move, as people do; who is disconnected is not wanted. */
  async botIsElsewhere(after: VoiceState): Promise<void> {
    if (!this.#presence.isDeparture(after.channelId)) return;
    if (after.channel) {
      this.#presence.follow(after.channel);
      this.#options.onMoved();
      if (this.plays) await this.#sayWhatPlays();
      return;
    }
    this.#presence.withdraw();
    this.#end(await whyDeparted(after));
  }

  peopleChanged(leftUserId?: string): void {
    this.#presence.peopleChanged(leftUserId);
  }

  gatewayIsBack(isAnew: boolean, delayMs: number): void {
    this.#presence.gatewayIsBack(isAnew, delayMs);
  }

  /** One that is about to play for the first time does not begin. */
  async suspend(why: Text): Promise<void> {
    if (this.#ending || !(this.#hasBegun || this.#options.goesOn)) return await this.stop(why);
    this.#ending = why;
    this.#withdraw(why);
    if (!this.#hasBegun) return;
    const told = this.#presence.say((words) => words.audience.goesOn({ why: why(words) }));
    await Promise.race([told, pause(LAST_MESSAGE_MS, undefined, { ref: false })]);
  }

  async stop(why: Text): Promise<void> {
    this.#end(why);
    await Promise.race([this.#lastMessage, pause(LAST_MESSAGE_MS, undefined, { ref: false })]);
  }

  async #sayWhatPlays(): Promise<void> {
    await this.#presence.say((words) =>
      words.audience.announced({
        title: this.title(words),
        origin: plain(this.#options.origin(words)),
      }),
    );
  }

  #withdraw(why: Text): void {
    this.#presence.sender?.rest(performance.now());
    this.#presence.leave(why);
    this.#options.tuner.remove(this);
  }

  #end(why: Text): void {
    if (this.#ending !== undefined) return;
    this.#ending = why;
    this.#withdraw(why);
    if (this.#hasBegun) {
      this.#lastMessage = this.#presence.say((words) =>
        words.audience.over({ title: this.title(words), why: why(words) }),
      );
    }
    this.#options.onEnded(why);
  }
}
