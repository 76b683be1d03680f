/** One guild that hears a podcast: the bot in a voice or stage channel there, from the command that brings it to its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type VoiceBasedChannel, type VoiceState, channelMention, escapeMarkdown } from 'discord.js';
import type { Logger } from 'pino';
import { EndedError } from '../../client/relay-socket.ts';
import { whyDeparted } from '../departure.ts';
import type { SeatHolder } from '../guild-seats.ts';
import { Refusal } from '../refusal.ts';
import { type PresenceTimings, VoicePresence } from '../voice/voice-presence.ts';
import { AUDIENCE_WORDS as WORDS } from './audience-words.ts';
import type { Player, Tuner } from './tuner.ts';

export interface AudienceOptions {
  readonly channel: VoiceBasedChannel;
  readonly podcastId: number;
  readonly title: string;
  /** From which server, or of which host, the podcast is. */
  readonly origin: string;
  readonly tuner: Tuner;
  readonly timings: PresenceTimings;
  readonly log: Logger;
  /** Over, whoever ended it; the sentence says why. Once. */
  readonly onEnded: (sentence: string) => void;
}

/** How it goes. All counts since it began. */
export interface AudienceStatus {
  /** Why the bot is out of its channel for now; undefined while it is there. */
  readonly trouble: string | undefined;
  /** Frames that were handed to the channel. */
  readonly frames: number;
  /** Of these, those that were not sent, by reason; only the reasons that occurred. */
  readonly drops: Readonly<Record<string, number>>;
}

// The last message is worth a moment, but not a shutdown that hangs while Discord is slow.
const LAST_MESSAGE_MS = 1500;

/** Joins its channel as soon as it is made; `begin` lets it play. */
export class Audience implements SeatHolder, Player {
  readonly startedAtMs: number = Date.now();
  readonly #options: AudienceOptions;
  readonly #presence: VoicePresence;
  #frames = 0;
  #hasBegun = false;
  #ending: string | undefined;
  #lastMessage: Promise<boolean> | undefined;

  constructor(options: AudienceOptions) {
    const { channel, timings, log } = options;
    this.#options = options;
    this.#presence = new VoicePresence({
      channel,
      timings,
      log,
      hears: false,
      words: {
        away: WORDS.away,
        back: WORDS.back,
        stage: { 'hand-raised': WORDS.handRaised, audience: WORDS.inAudience },
      },
      events: { onFrame: () => {}, onChanged: () => {}, onEnded: (sentence) => this.#end(sentence) },
    });
    options.tuner.add(this);
  }

  /**
   * Resolves when it plays. Whatever goes wrong, the bot is out of the channel again.
   * @throws Refusal that says why it cannot
   */
  async begin(): Promise<void> {
    try {
      await Promise.all([this.#presence.entered(), this.#options.tuner.listening()]);
      if (this.#ending !== undefined) throw new Refusal(this.#ending);
    } catch (error) {
      const why = this.#ending ?? sentenceOf(error);
      this.#end(why ?? 'It could not begin.');
      throw why === undefined ? error : new Refusal(WORDS.notBegun(why));
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

  get title(): string {
    return this.#options.title;
  }

  /** It has begun, and is not over. */
  get plays(): boolean {
    return this.#hasBegun && this.#ending === undefined;
  }

  get occupation(): string {
    const where = channelMention(this.channel.id);
    return this.#hasBegun ? WORDS.occupation(this.#title, where) : WORDS.about(where);
  }

  status(): AudienceStatus {
    const drops = Object.entries(this.#presence.sendDrops).filter(([, count]) => count > 0);
    return { trouble: this.#presence.trouble, frames: this.#frames, drops: Object.fromEntries(drops) };
  }

  play(opus: Buffer, nowMs: number): void {
    this.#frames += 1;
    this.#presence.send(opus, nowMs);
  }

  skip(nowMs: number): void {
    this.#presence.sender?.skip(nowMs);
  }

  rest(nowMs: number): void {
    this.#presence.sender?.rest(nowMs);
  }

  over(sentence: string): void {
    this.#end(sentence);
  }

  /** Goes along with a move, as people do; who is disconnected is not wanted. */
  async botIsElsewhere(after: VoiceState): Promise<void> {
    if (!this.#presence.isDeparture(after.channelId)) return;
    if (after.channel) {
      this.#presence.follow(after.channel);
      if (this.plays) await this.#sayWhatPlays();
      return;
    }
    this.#presence.withdraw();
    this.#end(await whyDeparted(after));
  }

  peopleChanged(leftUserId?: string): void {
    this.#presence.peopleChanged(leftUserId);
  }

  async stop(sentence: string): Promise<void> {
    this.#end(sentence);
    await Promise.race([this.#lastMessage, pause(LAST_MESSAGE_MS, undefined, { ref: false })]);
  }

  get #title(): string {
    return escapeMarkdown(this.#options.title);
  }

  async #sayWhatPlays(): Promise<void> {
    await this.#presence.say(WORDS.plays(this.#title, escapeMarkdown(this.#options.origin)));
  }

  #end(sentence: string): void {
    if (this.#ending !== undefined) return;
    this.#ending = sentence;
    this.#presence.sender?.rest(performance.now());
    this.#presence.leave(sentence);
    this.#options.tuner.remove(this);
    if (this.#hasBegun) this.#lastMessage = this.#presence.say(WORDS.stopped(this.#title, sentence));
    this.#options.onEnded(sentence);
  }
}

/** The errors that are written for people. */
function sentenceOf(error: unknown): string | undefined {
  return error instanceof Refusal || error instanceof EndedError ? error.message : undefined;
}
