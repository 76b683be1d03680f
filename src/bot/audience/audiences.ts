/** Which guilds hear a podcast: all audiences of the process, and one tuner for each podcast that they hear. */
import type { VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import { LibopusCodec } from '../../audio/opus-codec.ts';
import { type ListenTarget, listenTarget } from '../../client/relay-address.ts';
import { PodcastListener } from '../../client/podcast-listener.ts';
import { type Account, RestError, getPodcast } from '../../client/rest-client.ts';
import { type PodcastObject, readPodcastId } from '../../protocol/rest.ts';
import type { GuildSeats, Return } from '../guild-seats.ts';
import type { AudienceTable, StoredAudience } from '../store/audience-table.ts';
import { openText, sealText } from '../store/sealed-text.ts';
import type { Text } from '../../texts/catalogue.ts';
import { english } from '../../texts/en.ts';
import { Refusal } from '../refusal.ts';
import type { PresenceTimings } from '../voice/voice-presence.ts';
import { Audience } from './audience.ts';
import { GuildVolumes } from './guild-volumes.ts';
import { Metronome } from './metronome.ts';
import type { PodcastDirectory } from './podcast-directory.ts';
import { Tuner } from './tuner.ts';
import { UNITY_PERCENT, isAffordable, volumeStep } from './volume.ts';

/** Encoders and decoders of each kind that wait to be taken. */
const SPARE_CODECS = 1;

const TOO_MANY_VOLUMES: Text = ({ audience }) => audience.tooManyVolumes;

const UNKNOWN: Text = ({ audience }) => audience.unknownPodcast;

type Kept = Pick<AudienceTable, 'save' | 'setVolume' | 'forget'>;

export interface AudiencesOptions {
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: PresenceTimings;
  /** What plays stands here, so that it plays on after a restart; undefined when nothing does. */
  readonly kept?: Kept | undefined;
  /** 32 bytes: seals listen keys where they are kept. */
  readonly storageKey: Uint8Array;
  readonly log: Logger;
}

interface Play {
  readonly channel: VoiceBasedChannel;
  readonly podcast: PodcastObject;
  readonly userId: string;
  readonly target: ListenTarget;
  /** Of what played before a restart. */
  readonly back?: Return;
}

export class Audiences {
  readonly #options: AudiencesOptions;
  readonly #seats: GuildSeats;
  readonly #directory: PodcastDirectory;
  readonly #metronome: Metronome;
  /** By guild; those that are about to begin, too. */
  readonly #audiences = new Map<string, Audience>();
  /** By podcast and key: who does not know the key of a private one must not hear it by another's. */
  readonly #tuners = new Map<string, Tuner>();
  readonly #volumes = new GuildVolumes(() => LibopusCodec.load({ spares: SPARE_CODECS }));

  constructor(options: AudiencesOptions, seats: GuildSeats, directory: PodcastDirectory) {
    this.#options = options;
    this.#metronome = new Metronome(options.log);
    this.#seats = seats;
    this.#directory = directory;
  }

  /** What the guild hears; undefined while it hears nothing. */
  of(guildId: string): Audience | undefined {
    const audience = this.#audiences.get(guildId);
    return audience?.plays ? audience : undefined;
  }

  /** What the guild hears, or is about to. */
  underWay(guildId: string): Audience | undefined {
    return this.#audiences.get(guildId);
  }

  all(): Audience[] {
    return [...this.#audiences.values()].filter((audience) => audience.plays);
  }

  /** How many podcasts are listened to. */
  get tuned(): number {
    return this.#tuners.size;
  }

  /** @throws Refusal when the bot has something else to do in this guild, or nothing begins any more */
  assertFree(guildId: string): void {
    this.#seats.assertFree(guildId);
  }

  /**
   * @param userId who asked for it
   * @param asked a podcast's id, or a link to it; one with the key for a private podcast
   * @throws Refusal when the guild's seat is taken, there is no such podcast, or the channel cannot be joined; RestError
   */
  async start(channel: VoiceBasedChannel, asked: string, userId: string): Promise<Audience> {
    this.assertFree(channel.guildId);
    const target = this.#targetOf(asked);
    const podcast = await this.#find(target);
    if (target.relay !== this.#options.relay && !isSameRelay(target.relay, podcast)) {
      throw new Refusal(({ audience: words }) => words.otherRelay);
    }
    return await this.#begin({ channel, podcast, userId, target: { ...target, relay: this.#options.relay } });
  }

  /** Plays on what a restart interrupted. @throws Refusal when it cannot; RestError */
  async takeUp(channel: VoiceBasedChannel, kept: StoredAudience, back: Return): Promise<Audience> {
    const { relay, storageKey } = this.#options;
    const { podcastId, sealedListenKey, userId, volume } = kept;
    const listenKey = sealedListenKey === null ? undefined : openText(sealedListenKey, storageKey);
    const target = { relay, podcastId, ...(listenKey !== undefined && { listenKey }) };
    const podcast = await this.#find(target);
    await this.#restoreVolume(channel.guildId, volumeStep(volume * UNITY_PERCENT));
    return await this.#begin({ channel, podcast, userId, target, back });
  }

  async #begin(play: Play): Promise<Audience> {
    const { channel, podcast } = play;
    const audience = this.#seat(play);
    await audience.begin();
    this.#keep(audience, play);
    const { log } = this.#options;
    log.info(
      { podcast: podcast.id, guild: channel.guildId, channel: audience.channel.id },
      'playing in a guild',
    );
    return audience;
  }

  /** Ends what a guild hears. False when it hears nothing. */
  async stop(guildId: string, why: Text): Promise<boolean> {
    const audience = this.#audiences.get(guildId);
    await audience?.stop(why);
    return audience !== undefined;
  }

  /**
   * Makes it louder or quieter in one guild, now and whenever something plays there while this process runs.
   * @returns the volume that it has now: the nearest step
   * @throws Refusal when too many other volumes are in use
   */
  async setVolume(audience: Audience, percent: number): Promise<number> {
    const step = volumeStep(percent);
    if (!this.#isAffordable(audience.podcastId, step)) throw new Refusal(TOO_MANY_VOLUMES);
    await this.#volumes.set(audience.channel.guildId, step);
    audience.setVolume(step);
    this.#write((kept) => kept.setVolume(audience.channel.guildId, step / UNITY_PERCENT));
    return step;
  }

  #isAffordable(podcastId: number, percent: number): boolean {
    return isAffordable([...this.#audiences.values()], { podcastId, percent });
  }

  /** The bot is in this guild no more. */
  guildLeft(guildId: string): void {
    this.#volumes.forget(guildId);
  }

  /** What cannot have its volume plays on all the same, as it was sent. */
  async #restoreVolume(guildId: string, percent: number): Promise<void> {
    try {
      await this.#volumes.set(guildId, percent);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'cannot change the volume: it plays as it was sent');
    }
  }

  #seat(play: Play): Audience {
    const { channel, podcast, target, back } = play;
    const { guildId } = channel;
    // Somebody may have been faster while the relay was asked.
    this.#seats.assertFree(guildId, back?.seat);
    const percent = this.#volumes.of(guildId);
    const audience: Audience = new Audience({
      ...this.#options,
      channel,
      podcastId: podcast.id,
      ...this.#directory.named(podcast),
      tuner: this.#tunerOf(target),
      percent: this.#isAffordable(podcast.id, percent) ? percent : UNITY_PERCENT,
      goesOn: back !== undefined,
      joinDelayMs: back?.joinDelayMs ?? 0,
      onMoved: () => this.#keep(audience, play),
      onEnded: (why) => this.#ended(audience, why),
    });
    this.#seats.take(guildId, audience, back?.seat);
    this.#audiences.set(guildId, audience);
    return audience;
  }

  #targetOf(asked: string): ListenTarget {
    let target: ListenTarget;
    try {
      target = listenTarget(asked.trim(), this.#options.relay);
    } catch {
      throw new Refusal(({ audience }) => audience.notAPodcast);
    }
    if (readPodcastId(String(target.podcastId)) === undefined) throw new Refusal(UNKNOWN);
    return target;
  }

  /** Never asks another relay than ours, whatever the link says: people must not send the bot to any address. */
  async #find({ podcastId, listenKey }: ListenTarget): Promise<PodcastObject> {
    const { relay, account } = this.#options;
    try {
      const podcast = await getPodcast(relay, podcastId, account, listenKey);
      // The bot hosts it, and so may see it; that opens it to nobody else.
      const isOpen = podcast.listen_key === undefined || podcast.listen_key === listenKey;
      if (isOpen) return podcast;
    } catch (error) {
      if (!(error instanceof RestError) || error.code !== 'unknown_podcast') throw error;
    }
    throw new Refusal(UNKNOWN);
  }

  #tunerOf(target: ListenTarget): Tuner {
    const name = `${target.podcastId} ${target.listenKey ?? ''}`;
    let tuner = this.#tuners.get(name);
    if (!tuner) {
      const made: Tuner = new Tuner({
        podcastId: target.podcastId,
        // With our account the relay counts the guilds. It is certain already that the target opens the podcast.
        listener: new PodcastListener({ ...target, account: this.#options.account, stream: 'programme' }),
        beats: this.#metronome,
        nowMs: () => performance.now(),
        codec: () => this.#volumes.codec,
        log: this.#options.log,
        onClosed: () => {
          if (this.#tuners.get(name) === made) this.#tuners.delete(name);
        },
      });
      this.#tuners.set(name, made);
      tuner = made;
    }
    return tuner;
  }

  /** What cannot be written down plays all the same; it only does not play on after a restart. */
  #keep(audience: Audience, { podcast, userId, target: { listenKey } }: Play): void {
    if (!audience.plays) return;
    const { storageKey } = this.#options;
    const { channel, startedAtMs } = audience;
    this.#write((kept) =>
      kept.save({
        guildId: channel.guildId,
        channelId: channel.id,
        podcastId: podcast.id,
        userId,
        volume: audience.percent / UNITY_PERCENT,
        sealedListenKey: listenKey === undefined ? null : sealText(listenKey, storageKey),
        startedAtMs,
      }),
    );
  }

  #write(act: (kept: Kept) => void): void {
    const { kept, log } = this.#options;
    try {
      if (kept) act(kept);
    } catch (error) {
      log.error({ err: error }, 'cannot write down what plays');
    }
  }

  #ended(audience: Audience, why: Text): void {
    const { guildId } = audience.channel;
    this.#write((kept) => kept.forget(guildId));
    this.#seats.release(guildId, audience);
    if (this.#audiences.get(guildId) === audience) this.#audiences.delete(guildId);
    const { frames, drops } = audience.status();
    const seconds = Math.round((Date.now() - audience.startedAtMs) / 1000);
    const { podcastId: podcast } = audience;
    this.#options.log.info(
      { podcast, guild: guildId, why: why(english), seconds, frames, drops },
      'no longer playing',
    );
  }
}

function isSameRelay(relay: string, { url }: PodcastObject): boolean {
  return new URL(relay).host === new URL(url).host;
}
