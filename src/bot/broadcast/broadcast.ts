/** One show: a voice channel, captured, sealed and streamed to the relay, from the command that starts it to its end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type VoiceBasedChannel, type VoiceState, channelMention } from 'discord.js';
import type { Logger } from 'pino';
import { isSilence } from '../../audio/opus-packet.ts';
import { type PodcastHost, hostPodcast } from '../../client/podcast-host.ts';
import { type Account, type PodcastDescription, getPodcast } from '../../client/rest-client.ts';
import type { PodcastObject } from '../../protocol/rest.ts';
import type { CapturedFrame } from '../capture/voice-capture.ts';
import { whyDeparted } from '../departure.ts';
import type { SeatHolder } from '../guild-seats.ts';
import { Refusal } from '../refusal.ts';
import { type PresenceTimings, VoicePresence } from '../voice/voice-presence.ts';
import { SpeakerRoster } from './speaker-roster.ts';

export interface BroadcastOptions {
  readonly channel: VoiceBasedChannel;
  readonly description: PodcastDescription;
  /** What goes on after a restart, where no podcast is to be made. */
  readonly takenUp?: TakenUp | undefined;
  /** Who asked for the show: the key of a private one is for this person alone. */
  readonly hostUserId: string;
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: PresenceTimings;
  readonly log: Logger;
  /** Asked for each frame before anything else sees it. Everybody is on air when absent. */
  readonly isOnAir?: ((userId: string) => boolean) | undefined;
  /** `status()` says something new: on air, out of the channel for now, back, over. Not for every frame. */
  readonly onChanged?: ((broadcast: Broadcast) => void) | undefined;
  /** Over after it was on air, whoever ended it; the sentence says why. Once. */
  readonly onEnded: (sentence: string) => void;
}

/** A show that a restart interrupted. */
export interface TakenUp {
  /** Of its podcast, which is on air again. */
  readonly host: PodcastHost;
  /** ms since 1970: when it began. */
  readonly startedAtMs: number;
}

/** How a show goes. All counts since it began. */
export interface BroadcastStatus {
  readonly podcast: PodcastObject;
  /** ms since 1970. */
  readonly startedAtMs: number;
  /** Why the bot is out of its channel for now; undefined while it is there. */
  readonly trouble: string | undefined;
  /** Names of those who speak right now. */
  readonly speaking: readonly string[];
  /** Frames that went to the relay. */
  readonly frames: number;
  /** Frames and packets that did not, by reason; only the reasons that occurred. */
  readonly drops: Readonly<Record<string, number>>;
}

// The last message of a show is worth a moment, but not a shutdown that hangs while Discord is slow.
const LAST_MESSAGE_MS = 1200;
const RESTARTING = 'I am being restarted.';

const WORDS = {
  away: 'I am coming back; listeners hear silence meanwhile.',
  back: 'I am back; the podcast goes on.',
  stage: {
    'hand-raised':
      'I raised my hand: a stage moderator can invite me to speak. The podcast is on air meanwhile.',
    audience:
      'I may neither speak on this stage nor raise my hand (permission **Request to Speak**). The podcast is on air, I only stay in the audience.',
  },
};

/** Joins its channel as soon as it is made; `begin` puts it on air. */
export class Broadcast implements SeatHolder {
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly #options: BroadcastOptions;
  readonly #roster = new SpeakerRoster();
  readonly #presence: VoicePresence;
  readonly #ownUserId: string;
  #host: PodcastHost | undefined;
  #begun: Promise<void> | undefined;
  #lastMessage: Promise<boolean> | undefined;
  /** Frames of people who are off air. */
  #offAir = 0;
  /** Why the show is over, or over for this process. */
  #ending: string | undefined;
  #isSuspended = false;

  constructor(options: BroadcastOptions) {
    const { channel, timings, log, takenUp } = options;
    this.#options = options;
    this.startedAtMs = takenUp?.startedAtMs ?? Date.now();
    this.#ownUserId = channel.client.user.id;
    this.#presence = new VoicePresence({
      channel,
      timings,
      log,
      words: WORDS,
      trouble: takenUp && 'I was restarted.',
      hears: true,
      events: {
        onFrame: (frame) => this.#onFrame(frame),
        onChanged: () => this.#changed(),
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
    const { takenUp } = this.#options;
    try {
      // What goes on is on air while the bot is on its way, and worth minutes of coming back.
      if (takenUp) this.#attend(takenUp.host);
      else await this.#goLive();
      this.#presence.settle();
      this.#changed();
    } catch (error) {
      const why = this.#ending;
      this.#end('It could not begin.');
      await this.#host?.close();
      throw why === undefined ? error : notBegun(why);
    }
  }

  async #goLive(): Promise<void> {
    const { relay, account, description } = this.#options;
    await this.#presence.entered();
    this.#attend(await hostPodcast({ relay, account, description }));
    if (this.#ending !== undefined) throw notBegun(this.#ending);
  }

  #attend(host: PodcastHost): void {
    const { log } = this.#options;
    this.#host = host;
    host.on('interrupted', (why) =>
      log.warn({ podcast: host.podcast.id, why }, 'relay connection lost, resuming'),
    );
    host.on('live', () => log.info({ podcast: host.podcast.id }, 'relay connection resumed'));
    host.on('ended', ({ reason }) => this.#end(`The relay ended the podcast: ${reason}`));
  }

  get channel(): VoiceBasedChannel {
    return this.#presence.channel;
  }

  get occupation(): string {
    const where = channelMention(this.channel.id);
    return this.isOnAir
      ? `A podcast is on air in ${where} already. \`/podcast stop\` ends it.`
      : `A podcast is about to begin in ${where}; give it a moment.`;
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

  /** Left without an end: it goes on when the program is back. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  status(): BroadcastStatus {
    const drops = { ...this.#presence.drops, ...this.#host?.drops, 'off-air': this.#offAir };
    return {
      podcast: this.podcast,
      startedAtMs: this.startedAtMs,
      trouble: this.#presence.trouble,
      speaking: this.#roster.speaking(Date.now()).map((id) => this.#presence.nameOf(id)),
      frames: this.#host?.sent ?? 0,
      drops: Object.fromEntries(Object.entries(drops).filter(([, count]) => count > 0)),
    };
  }

  /** How many listen right now, asked of the relay. @throws RestError */
  async listeners(): Promise<number> {
    const { relay, account } = this.#options;
    return (await getPodcast(relay, this.podcast.id, account)).listeners;
  }

  /** The show is over: not a word that is said elsewhere belongs to this podcast. */
  async botIsElsewhere(after: VoiceState): Promise<void> {
    if (!this.#presence.isDeparture(after.channelId)) return;
    // At once, before anything is asked.
    this.#presence.withdraw();
    this.#end(await whyDeparted(after));
  }

  peopleChanged(leftUserId?: string): void {
    if (leftUserId !== undefined) this.#roster.forget(leftUserId);
    this.#presence.peopleChanged(leftUserId);
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

  gatewayIsBack(isAnew: boolean, delayMs: number): void {
    this.#presence.gatewayIsBack(isAnew, delayMs);
  }

  /** One that is about to begin does not begin. */
  async suspend(): Promise<void> {
    if (!this.#host || this.#ending !== undefined) return await this.stop(RESTARTING);
    this.#isSuspended = true;
    this.#ending = RESTARTING;
    this.#presence.leave(RESTARTING);
    this.#lastMessage = this.say(`${RESTARTING} The podcast goes on when I am back.`);
    this.#changed();
    const soon = pause(LAST_MESSAGE_MS, undefined, { ref: false });
    await Promise.all([this.#host.suspend(), Promise.race([this.#lastMessage, soon])]);
  }

  /** Writes into the voice channel's own chat. @returns whether it stands there */
  async say(sentence: string): Promise<boolean> {
    return await this.#presence.say(sentence);
  }

  #onFrame(frame: CapturedFrame): void {
    // The bot's own voice never, whatever a guild's people agreed to: what it plays would come round again.
    const { isOnAir } = this.#options;
    if (frame.userId === this.#ownUserId || isOnAir?.(frame.userId) === false) {
      this.#offAir += 1;
      return;
    }
    if (!isSilence(frame.opus)) this.#roster.heard(frame.userId, Date.now());
    this.#host?.send(frame);
  }

  #changed(): void {
    if (this.#host) this.#options.onChanged?.(this);
  }

  #end(sentence: string): void {
    if (this.#ending !== undefined) return;
    this.#ending = sentence;
    this.#presence.leave(sentence);
    if (!this.#host) return;
    this.#host.close().catch(() => {});
    this.#lastMessage = this.say(`The podcast is over. ${sentence}`);
    this.#options.onEnded(sentence);
    this.#changed();
  }
}

function notBegun(sentence: string): Refusal {
  return new Refusal(`The podcast did not begin. ${sentence} \`/podcast start\` tries again.`);
}
