/** One show: a voice channel, captured, sealed and streamed to the relay, from the command that starts it to its end. */
import { type VoiceBasedChannel, channelMention } from 'discord.js';
import type { Logger } from 'pino';
import { type PodcastHost, hostPodcast } from '../client/podcast-host.ts';
import { type Account, type PodcastDescription, getPodcast } from '../client/rest-client.ts';
import type { PodcastObject } from '../protocol/rest.ts';
import { type CapturedFrame, isSilence } from './capture/voice-capture.ts';
import { isStage } from './permissions.ts';
import { Refusal } from './refusal.ts';
import { SpeakerRoster } from './speaker-roster.ts';
import { comeOnStage } from './stage.ts';
import { VoiceSession, type VoiceTimings } from './voice/voice-session.ts';

export interface BroadcastOptions {
  readonly channel: VoiceBasedChannel;
  readonly description: PodcastDescription;
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: BroadcastTimings;
  readonly log: Logger;
  /** Over, whoever ended it; the sentence says why. Once. */
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

/** @throws Refusal when the channel cannot be joined; RestError, EndedError when the relay refuses. All say why in a sentence. */
export async function startBroadcast(options: BroadcastOptions): Promise<Broadcast> {
  const broadcast = new Broadcast(options);
  try {
    await broadcast.begin();
  } catch (error) {
    await broadcast.stop('It could not begin.');
    throw error;
  }
  return broadcast;
}

export class Broadcast {
  readonly channel: VoiceBasedChannel;
  readonly startedAtMs: number = Date.now();
  readonly #options: BroadcastOptions;
  readonly #roster = new SpeakerRoster();
  readonly #session: VoiceSession;
  readonly #joined = Promise.withResolvers<void>();
  #host: PodcastHost | undefined;
  #emptyTimer: NodeJS.Timeout | undefined;
  #inTrouble = false;
  #over = false;

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

  /** Resolves when the show is on air. */
  async begin(): Promise<void> {
    await this.#joined.promise;
    const { relay, account, description, log } = this.#options;
    const host = await hostPodcast({ relay, account, description });
    this.#host = host;
    host.on('interrupted', (why) =>
      log.warn({ podcast: host.podcast.id, why }, 'relay connection lost, resuming'),
    );
    host.on('live', () => log.info({ podcast: host.podcast.id }, 'relay connection resumed'));
    host.on('ended', ({ reason }) => this.#end(`The relay ended the podcast: ${reason}`));
    if (this.#over) throw new Refusal('The voice channel was lost while the podcast began.');
    this.peopleChanged();
  }

  get podcast(): PodcastObject {
    if (!this.#host) throw new Error('not on air yet');
    return this.#host.podcast;
  }

  get isOnAir(): boolean {
    return this.#host !== undefined && !this.#over;
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

  /** The gateway's word on where the bot is; `actor` is who moved or disconnected it, where that is known. */
  botIsIn(channelId: string | null, sentence: string): void {
    this.#session.botIsIn(channelId, sentence);
  }

  /** Somebody came into the channel or left it. */
  peopleChanged(leftUserId?: string): void {
    if (leftUserId !== undefined) {
      this.#session.personLeft(leftUserId);
      this.#roster.forget(leftUserId);
    }
    clearTimeout(this.#emptyTimer);
    this.#emptyTimer = undefined;
    if (this.#over || peopleIn(this.channel) > 0) return;
    const { emptyChannelMs } = this.#options.timings;
    this.#emptyTimer = setTimeout(
      () =>
        this.#end(`Nobody has been in ${channelMention(this.channel.id)} for ${minutesOf(emptyChannelMs)}.`),
      emptyChannelMs,
    );
  }

  /** Ends the show: leaves the channel, ends the podcast for everyone. Resolves when both are done. */
  async stop(sentence: string): Promise<void> {
    const host = this.#host;
    this.#end(sentence);
    await host?.close();
  }

  /** Writes into the voice channel's own chat; a channel where it may not write must not end a show. */
  say(sentence: string): void {
    this.channel.send(sentence).catch((error: Error) => {
      this.#options.log.warn({ channel: this.channel.id, why: error.message }, 'cannot write in the channel');
    });
  }

  #onFrame(frame: CapturedFrame): void {
    if (!isSilence(frame.opus)) this.#roster.heard(frame.userId, Date.now());
    this.#host?.send(frame);
  }

  #onReady(): void {
    this.#joined.resolve();
    if (this.#inTrouble) this.say('I am back; the podcast goes on.');
    this.#inTrouble = false;
    const { me } = this.channel.guild.members;
    if (!me || !isStage(this.channel)) return;
    void comeOnStage(me).then((sentence) => sentence && this.say(sentence));
  }

  #onTrouble(sentence: string): void {
    this.#options.log.warn({ guild: this.channel.guildId, sentence }, 'voice trouble');
    if (!this.#inTrouble && this.isOnAir)
      this.say(`${sentence} I am coming back; listeners hear silence meanwhile.`);
    this.#inTrouble = true;
  }

  #onUnheard(userIds: readonly string[]): void {
    const names = userIds.map((id) => this.#nameOf(id)).join(', ');
    this.#inTrouble = true;
    this.say(`I hear that ${names} speaks but cannot decrypt it. I am rejoining the channel.`);
  }

  #end(sentence: string): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#emptyTimer);
    this.#session.leave();
    this.#joined.reject(new Refusal(sentence));
    this.#host?.close().catch(() => {});
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

function minutesOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
