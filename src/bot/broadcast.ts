/** One show: a voice channel, captured, sealed and streamed to the relay, from the command that starts it to its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type VoiceBasedChannel, channelMention } from 'discord.js';
import type { Logger } from 'pino';
import { isSilence } from '../audio/opus-packet.ts';
import { type PodcastHost, hostPodcast } from '../client/podcast-host.ts';
import { type Account, type PodcastDescription, getPodcast } from '../client/rest-client.ts';
import type { PodcastObject } from '../protocol/rest.ts';
import type { CapturedFrame } from './capture/voice-capture.ts';
import { isStage } from './permissions.ts';
import { Refusal } from './refusal.ts';
import { SpeakerRoster } from './speaker-roster.ts';
import { comeOnStage } from './stage.ts';
import { VoiceSession, type VoiceTimings } from './voice/voice-session.ts';

export interface BroadcastOptions {
  readonly channel: VoiceBasedChannel;
  readonly description: PodcastDescription;
  /** Who asked for the show: the key of a private one is for this person alone. */
  readonly hostUserId: string;
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: BroadcastTimings;
  readonly log: Logger;
  /** Over after it was on air, whoever ended it; the sentence says why. Once. */
  readonly onEnded: (sentence: string) => void;
}

export interface BroadcastTimings extends VoiceTimings {
  /** How long the channel may be without people before the show ends. */
  readonly emptyChannelMs: number;
}

/** How a show goes. All counts since it began. */
export interface BroadcastStatus {
  readonly podcast: PodcastObject;
  /** ms since 1970. */
  readonly startedAtMs: number;
  /** Names of those who speak right now. */
  readonly speaking: readonly string[];
  /** Frames that went to the relay. */
  readonly frames: number;
  /** Frames and packets that did not, by reason; only the reasons that occurred. */
  readonly drops: Readonly<Record<string, number>>;
}

// The last message of a show is worth a moment, but not a shutdown that hangs while Discord is slow.
const LAST_MESSAGE_MS = 1500;
const WHY_MS = 1500;

/** Joins its channel as soon as it is made; `begin` puts it on air. */
export class Broadcast {
  readonly channel: VoiceBasedChannel;
  readonly startedAtMs: number = Date.now();
  readonly #options: BroadcastOptions;
  readonly #roster = new SpeakerRoster();
  readonly #session: VoiceSession;
  readonly #joined = Promise.withResolvers<void>();
  #host: PodcastHost | undefined;
  #emptyTimer: NodeJS.Timeout | undefined;
  #begun: Promise<void> | undefined;
  #lastMessage: Promise<boolean> | undefined;
  /** In the channel, as far as the voice session knows. */
  #isIn = false;
  /** Why the bot is out of the channel for now. */
  #trouble: string | undefined;
  /** Why the show is over. */
  #ending: string | undefined;

  constructor(options: BroadcastOptions) {
    this.#options = options;
    this.channel = options.channel;
    this.#joined.promise.catch(() => {});
    this.#session = new VoiceSession({
      guildId: this.channel.guildId,
      channelId: this.channel.id,
      adapterCreator: this.channel.guild.voiceAdapterCreator,
      timings: options.timings,
      events: {
        onFrame: (frame) => this.#onFrame(frame),
        onReady: () => this.#onReady(),
        onTrouble: (sentence) => this.#onTrouble(sentence),
        onUnheard: (userIds) => this.#onUnheard(userIds),
        onEnded: (sentence) => this.#end(sentence),
      },
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
    // A show on air is worth minutes of coming back; a person who waits for a command is not kept so long.
    const impatience = setTimeout(() => {
      this.#end(this.#trouble ?? 'Discord did not let me into the voice channel in time.');
    }, this.#options.timings.joinTimeoutMs);
    try {
      await this.#joined.promise;
      clearTimeout(impatience);
      await this.#goLive();
      this.peopleChanged();
      this.#comeOnStage();
    } catch (error) {
      clearTimeout(impatience);
      this.#end('It could not begin.');
      await this.#host?.close();
      throw error;
    }
  }

  async #goLive(): Promise<void> {
    const { relay, account, description, log } = this.#options;
    const host = await hostPodcast({ relay, account, description });
    this.#host = host;
    host.on('interrupted', (why) =>
      log.warn({ podcast: host.podcast.id, why }, 'relay connection lost, resuming'),
    );
    host.on('live', () => log.info({ podcast: host.podcast.id }, 'relay connection resumed'));
    host.on('ended', ({ reason }) => this.#end(`The relay ended the podcast: ${reason}`));
    if (this.#ending !== undefined) throw notBegun(this.#ending);
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
    const drops = { ...this.#session.drops, ...this.#host?.drops, 'dave-message': this.#session.daveFaults };
    return {
      podcast: this.podcast,
      startedAtMs: this.startedAtMs,
      speaking: this.#roster.speaking(Date.now()).map((id) => this.#nameOf(id)),
      frames: this.#host?.sent ?? 0,
      drops: Object.fromEntries(Object.entries(drops).filter(([, count]) => count > 0)),
    };
  }

  /** How many listen right now, asked of the relay. @throws RestError */
  async listeners(): Promise<number> {
    const { relay, account } = this.#options;
    return (await getPodcast(relay, this.podcast.id, account)).listeners;
  }

  /**
   * The gateway says that the bot is in another channel, or in none (null): the show is over.
   * @param why finds out who did that, which may take a while
   */
  async botIsElsewhere(channelId: string | null, why: () => Promise<string>): Promise<void> {
    // To be in no channel before we are in is no news: it is the echo of our own leaving, before a rejoin or a new show.
    if (!this.#session.isPresent || (channelId === null && !this.#isIn)) return;
    // At once, before anything is asked: not a word that is said elsewhere belongs to this podcast.
    this.#session.leave();
    // Nor does the podcast stay on air while Discord takes its time to say who it was.
    this.#end(
      await Promise.race([why(), pause(WHY_MS, 'Somebody took me out of the channel.', { ref: false })]),
    );
  }

  /** Somebody came into the channel or left it, or the gateway told anew who is there. */
  peopleChanged(leftUserId?: string): void {
    if (leftUserId !== undefined) {
      this.#session.personLeft(leftUserId);
      this.#roster.forget(leftUserId);
    }
    if (!this.isOnAir) return;
    if (peopleIn(this.channel) === 0) {
      this.#emptyTimer ??= setTimeout(() => this.#endIfEmpty(), this.#options.timings.emptyChannelMs);
    } else {
      clearTimeout(this.#emptyTimer);
      this.#emptyTimer = undefined;
    }
  }

  #endIfEmpty(): void {
    this.#emptyTimer = undefined;
    // While the gateway was away people may have come without a word of it.
    if (peopleIn(this.channel) > 0) return;
    const forSoLong = inWords(this.#options.timings.emptyChannelMs);
    this.#end(`Nobody has been in ${channelMention(this.channel.id)} for ${forSoLong}.`);
  }

  /**
   * Ends the show, or keeps one that is about to begin from beginning: leaves the channel, ends the podcast for everyone.
   * Resolves when that is done and the channel has been told.
   */
  async stop(sentence: string): Promise<void> {
    this.#end(sentence);
    // Whoever waits for the beginning is told there what went wrong.
    await this.#begun?.catch(() => {});
    const soon = pause(LAST_MESSAGE_MS, undefined, { ref: false });
    await Promise.all([this.#host?.close(), Promise.race([this.#lastMessage, soon])]);
  }

  /**
   * Writes into the voice channel's own chat; a channel where it may not write must not end a show.
   * @returns whether it stands there
   */
  async say(sentence: string): Promise<boolean> {
    try {
      await this.channel.send(sentence);
      return true;
    } catch (error) {
      const why = (error as Error).message;
      this.#options.log.warn({ channel: this.channel.id, why }, 'cannot write in the channel');
      return false;
    }
  }

  #onFrame(frame: CapturedFrame): void {
    if (!isSilence(frame.opus)) this.#roster.heard(frame.userId, Date.now());
    this.#host?.send(frame);
  }

  #onReady(): void {
    this.#isIn = true;
    const wasAway = this.#trouble !== undefined;
    this.#trouble = undefined;
    this.#joined.resolve();
    // Before the show is on air there is nothing to tell the channel, and it may still be refused.
    if (!this.isOnAir) return;
    if (wasAway) void this.say('I am back; the podcast goes on.');
    this.#comeOnStage();
  }

  #comeOnStage(): void {
    const { me } = this.channel.guild.members;
    if (!me || !isStage(this.channel)) return;
    void comeOnStage(me).then((sentence) => (sentence && this.isOnAir ? this.say(sentence) : undefined));
  }

  #onTrouble(sentence: string): void {
    this.#options.log.warn({ guild: this.channel.guildId, sentence }, 'voice trouble');
    if (this.#trouble === undefined && this.isOnAir)
      void this.say(`${sentence} I am coming back; listeners hear silence meanwhile.`);
    this.#isIn = false;
    this.#trouble = sentence;
  }

  #onUnheard(userIds: readonly string[]): void {
    const names = userIds.map((id) => this.#nameOf(id)).join(', ');
    const verb = userIds.length === 1 ? 'speaks' : 'speak';
    this.#trouble = `I hear that ${names} ${verb} but cannot decrypt it.`;
    void this.say(`${this.#trouble} I am rejoining the channel.`);
  }

  #end(sentence: string): void {
    if (this.#ending !== undefined) return;
    this.#ending = sentence;
    clearTimeout(this.#emptyTimer);
    this.#session.leave();
    this.#joined.reject(notBegun(sentence));
    if (!this.#host) return;
    this.#host.close().catch(() => {});
    this.#lastMessage = this.say(`The podcast is over. ${sentence}`);
    this.#options.onEnded(sentence);
  }

  #nameOf(userId: string): string {
    return this.channel.guild.members.cache.get(userId)?.displayName ?? `<@${userId}>`;
  }
}

/** Everybody in the channel who is no bot; somebody of whom nothing else is known counts as a person. */
function peopleIn(channel: VoiceBasedChannel): number {
  const { voiceStates } = channel.guild;
  return voiceStates.cache.filter((state) => state.channelId === channel.id && !state.member?.user.bot).size;
}

function notBegun(sentence: string): Refusal {
  return new Refusal(`The podcast did not begin. ${sentence} \`/podcast start\` tries again.`);
}

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const minutes = Math.round(ms / 60_000);
  if (seconds < 60) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
