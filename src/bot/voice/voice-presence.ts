/** Being in a voice channel among people: joins it, comes on its stage, tells it what happens, and notices that nobody is left. */
import { PermissionFlagsBits, Status, type VoiceBasedChannel, channelMention, userMention } from 'discord.js';
import type { Logger } from 'pino';
import type { Text } from '../../texts/catalogue.ts';
import { english } from '../../texts/en.ts';
import { catalogueFor } from '../../texts/languages.ts';
import { isStage } from '../permissions.ts';
import { plain } from '../plain-text.ts';
import { Refusal } from '../refusal.ts';
import { type StagePlace, comeOnStage } from './stage.ts';
import type { SendDropReason, VoiceSender } from './voice-sender.ts';
import type { Capture } from './voice-session-options.ts';
import { VoiceSession } from './voice-session.ts';
import type { VoiceTimings } from './voice-timings.ts';

export interface PresenceTimings extends VoiceTimings {
  /** How long the channel may be without people before the bot leaves it. */
  readonly emptyChannelMs: number;
}

/** Sentences for the people in the channel, said after what happened. */
export interface PresenceWords {
  /** Out of the channel for now. */
  readonly away: Text;
  /** In the channel again. */
  readonly back: Text;
  /** What came of wanting to be a speaker on a stage. */
  readonly stage: Readonly<Record<Exclude<StagePlace, 'speaker'>, Text>>;
}

interface PresenceEvents {
  /** `isIn` or `trouble` is another now. */
  onChanged(): void;
  /** Nobody has been in the channel for so long that there is nothing to stay for. */
  onEmpty(why: Text): void;
  /** It is out of the channel for good, by no wish of ours, and this is why. Once, and never after `leave`. */
  onEnded(why: Text): void;
}

export interface PresenceOptions {
  readonly channel: VoiceBasedChannel;
  readonly timings: PresenceTimings;
  readonly words: PresenceWords;
  readonly events: PresenceEvents;
  readonly log: Logger;
  /** Takes what is said there; without it the bot is deaf, and people see that. */
  readonly capture?: Capture;
  /** How long to wait before joining, ms. */
  readonly joinDelayMs: number;
  /** Why it is not in the channel already, where what it came for goes on. */
  readonly trouble?: Text | undefined;
}

/** Begins to join as soon as it is made; the channel is told nothing of it before `settle`. */
export class VoicePresence {
  readonly #options: PresenceOptions;
  readonly #session: VoiceSession;
  readonly #entered = Promise.withResolvers<void>();
  #channel: VoiceBasedChannel;
  #emptyTimer: NodeJS.Timeout | undefined;
  #isIn = false;
  #trouble: Text | undefined;
  #isSettled = false;
  #isOver = false;
  /** What came of wanting to be a speaker, where it is on a stage. */
  #stagePlace: Promise<StagePlace> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.#channel = options.channel;
    this.#trouble = options.trouble;
    this.#entered.promise.catch(() => {});
    this.#session = new VoiceSession({
      guildId: this.channel.guildId,
      channelId: this.channel.id,
      adapterCreator: this.channel.guild.voiceAdapterCreator,
      timings: options.timings,
      capture: options.capture,
      joinDelayMs: options.joinDelayMs,
      isGatewayReady: () => this.channel.guild.shard.status === Status.Ready,
      events: {
        onReady: () => this.#onReady(),
        onTrouble: (why) => this.#onTrouble(why),
        onUnheard: (userIds) => this.#onUnheard(userIds),
        onEnded: (why) => this.#end(why),
      },
    });
  }

  get channel(): VoiceBasedChannel {
    return this.#channel;
  }

  /** In the channel, as far as the voice session knows. */
  get isIn(): boolean {
    return this.#isIn;
  }

  /** Why the bot is out of the channel for now. */
  get trouble(): Text | undefined {
    return this.#trouble;
  }

  /** Packets that became no frame, by reason. */
  get drops(): Readonly<Record<string, number>> {
    return { ...this.#session.drops, 'dave-message': this.#session.daveFaults };
  }

  /** Frames that were not sent, by reason. */
  get sendDrops(): Readonly<Record<SendDropReason, number>> {
    return this.#session.sendDrops;
  }

  /** What sends into the channel; undefined while nothing can be sent. */
  get sender(): VoiceSender | undefined {
    return this.#session.sender;
  }

  /** Sends 20 ms, or drops and counts them. */
  send(opus: Buffer, nowMs: number): void {
    const { sender, sendDrops } = this.#session;
    if (sender) sender.send(opus, nowMs);
    else sendDrops['not-connected'] += 1;
  }

  /**
   * Resolves when the bot is in the channel for the first time.
   * @param patience what goes on is worth minutes of coming back; a person who waits for a command is not kept so long
   * @throws Refusal with why it is not, be it that `leave` came first
   */
  async entered(patience: 'one try' | 'all tries' = 'one try'): Promise<void> {
    if (patience === 'all tries') return await this.#entered.promise;
    const impatience = setTimeout(() => {
      this.#end(this.#trouble ?? (({ voice }) => voice.notLetIn));
    }, this.#options.timings.joinTimeoutMs);
    try {
      await this.#entered.promise;
    } finally {
      clearTimeout(impatience);
    }
  }

  /** What the bot came for has begun: comes on stage, and from now on tells the channel what happens, and leaves it when it is empty. */
  settle(): void {
    if (this.#isOver) return;
    this.#isSettled = true;
    this.peopleChanged();
    if (this.#isIn) void this.#comeOnStage();
  }

  /** Resolves when it is known, on a stage once `settle` was called. @returns whether people hear what it sends: a channel may let it in and not let it speak */
  async maySpeak(): Promise<boolean> {
    const { me } = this.channel.guild.members;
    if (isStage(this.channel)) return (await this.#stagePlace) === 'speaker';
    return me !== null && this.channel.permissionsFor(me).has(PermissionFlagsBits.Speak);
  }

  /** Whether it is news that the gateway has the bot in this other channel, or in none. */
  isDeparture(channelId: string | null): boolean {
    // To be in no channel before we are in is no news: it is the echo of our own leaving, before a rejoin or a new show.
    if (this.#session.isPresent) return channelId !== null || this.#isIn;
    return this.#session.isStranded;
  }

  /** The gateway is back. @param isAnew, delayMs as of `VoiceSession.gatewayIsBack` */
  gatewayIsBack(isAnew: boolean, delayMs: number): void {
    this.#session.gatewayIsBack(isAnew, delayMs);
    this.peopleChanged();
  }

  /** Goes along with a move of a moderator's into another channel of the guild. */
  follow(channel: VoiceBasedChannel): void {
    this.#channel = channel;
    this.#session.follow(channel.id);
    clearTimeout(this.#emptyTimer);
    this.#emptyTimer = undefined;
    this.peopleChanged();
  }

  /** Somebody came into the channel or left it, or the gateway told anew who is there. */
  peopleChanged(leftUserId?: string): void {
    if (leftUserId !== undefined) this.#session.personLeft(leftUserId);
    if (!this.#isSettled || this.#isOver) return;
    if (peopleIn(this.channel).length === 0) {
      this.#emptyTimer ??= setTimeout(() => this.#endIfEmpty(), this.#options.timings.emptyChannelMs);
    } else {
      clearTimeout(this.#emptyTimer);
      this.#emptyTimer = undefined;
    }
  }

  /** This person is not to be heard any more: that nothing comes is no trouble. */
  silenced(userId: string): void {
    this.#session.personLeft(userId);
  }

  /** The name that people in the channel have for somebody, as it stands in a message; a mention where it is not known. */
  nameOf(userId: string): string {
    const member = this.channel.guild.members.cache.get(userId);
    return member ? plain(member.displayName) : userMention(userId);
  }

  /** Writes into the voice channel's own chat, in the server's language; a channel where it may not write must not end anything. */
  async say(text: Text): Promise<void> {
    try {
      await this.channel.send(text(catalogueFor(this.channel.guild.preferredLocale)));
    } catch (error) {
      const why = (error as Error).message;
      this.#options.log.warn({ channel: this.channel.id, why }, 'cannot write in the channel');
    }
  }

  /** Out of the channel at once, before it is known why: not a frame comes in or goes out any more. `leave` must follow. */
  withdraw(): void {
    this.#isIn = false;
    this.#session.leave();
  }

  /** Out of the channel, for good; `say` still works. @param why for who waits until it has `entered` */
  leave(why: Text): void {
    this.#isOver = true;
    this.#isIn = false;
    clearTimeout(this.#emptyTimer);
    this.#session.leave();
    this.#entered.reject(new Refusal(why));
  }

  #end(why: Text): void {
    if (this.#isOver) return;
    this.leave(why);
    this.#options.events.onEnded(why);
  }

  #endIfEmpty(): void {
    this.#emptyTimer = undefined;
    // While the gateway was away people may have come without a word of it.
    if (peopleIn(this.channel).length > 0) return;
    const channel = channelMention(this.channel.id);
    const ms = this.#options.timings.emptyChannelMs;
    this.#options.events.onEmpty(({ voice }) => voice.empty({ channel, ms }));
  }

  #onReady(): void {
    const wasAway = this.#trouble !== undefined;
    this.#isIn = true;
    this.#trouble = undefined;
    this.#entered.resolve();
    if (this.#isSettled) {
      if (wasAway) void this.say(this.#options.words.back);
      void this.#comeOnStage();
    }
    this.#options.events.onChanged();
  }

  async #comeOnStage(): Promise<void> {
    const { me } = this.channel.guild.members;
    if (!me || !isStage(this.channel)) return;
    this.#stagePlace = comeOnStage(me);
    const place = await this.#stagePlace;
    if (place !== 'speaker' && !this.#isOver) await this.say(this.#options.words.stage[place]);
  }

  #onTrouble(why: Text): void {
    this.#options.log.warn({ guild: this.channel.guildId, why: why(english) }, 'voice trouble');
    if (this.#trouble === undefined && this.#isSettled)
      void this.say((words) => `${why(words)} ${this.#options.words.away(words)}`);
    this.#isIn = false;
    this.#trouble = why;
    this.#options.events.onChanged();
  }

  #onUnheard(userIds: readonly string[]): void {
    const names = userIds.map((id) => this.nameOf(id));
    const why: Text = ({ voice }) => voice.unheard({ names });
    this.#trouble = why;
    void this.say((words) => words.voice.rejoining({ why: why(words) }));
  }
}

/** Ids of everybody in the channel who is no bot; somebody of whom nothing else is known counts as a person. */
export function peopleIn({ id, guild }: VoiceBasedChannel): string[] {
  const here = guild.voiceStates.cache.filter((state) => state.channelId === id && !state.member?.user.bot);
  return here.map((state) => state.id);
}
