/** Which guild is on air: the shows of all guilds. */
import type { VoiceBasedChannel } from 'discord.js';
import type { Logger } from 'pino';
import type { PodcastHost } from '../../client/podcast-host.ts';
import { type Account, type PodcastDescription, getPodcast } from '../../client/rest-client.ts';
import type { Text } from '../../texts/catalogue.ts';
import { english } from '../../texts/en.ts';
import type { Consent } from '../consent/consent.ts';
import type { GuildSeats, Return } from '../guild-seats.ts';
import type { VoiceStatuses } from '../marker/voice-statuses.ts';
import type { PresenceTimings } from '../voice/voice-presence.ts';
import type { ShowTable, StoredShow } from '../store/show-table.ts';
import { systemClock } from '../system-clock.ts';
import { Broadcast } from './broadcast.ts';
import type { BroadcastOptions } from './broadcast-options.ts';
import { ListenerPoll } from './listener-poll.ts';

export interface BroadcastsOptions {
  /** The relay's address as this process reaches it. */
  readonly relay: string;
  readonly account: Account;
  readonly timings: PresenceTimings;
  /** What is on air stands here, so that it goes on after a restart; undefined when nothing does. */
  readonly shows?: Pick<ShowTable, 'save' | 'forget'> | undefined;
  readonly consent: Consent;
  readonly statuses: VoiceStatuses;
  readonly log: Logger;
}

export class Broadcasts {
  readonly #options: BroadcastsOptions;
  readonly #seats: GuildSeats;
  readonly #listenerPoll: ListenerPoll;
  /** By guild; those that are about to begin, too. */
  readonly #shows = new Map<string, Broadcast>();

  constructor(options: BroadcastsOptions, seats: GuildSeats) {
    this.#options = options;
    this.#seats = seats;
    const { relay, account } = options;
    this.#listenerPoll = new ListenerPoll({
      clock: systemClock,
      async ask(podcastId) {
        const { listeners, listeners_by: by } = await getPodcast(relay, podcastId, account);
        return { total: listeners, by };
      },
    });
    options.consent.on('changed', (guildId) => this.#shows.get(guildId)?.consentChanged());
  }

  /** The guild's show; undefined while none is on air. */
  of(guildId: string): Broadcast | undefined {
    const show = this.#shows.get(guildId);
    return show?.isOnAir ? show : undefined;
  }

  /** Who asked for the guild's show, be it on air or about to be. */
  hostOf(guildId: string): string | undefined {
    return this.#shows.get(guildId)?.hostUserId;
  }

  all(): Broadcast[] {
    return [...this.#shows.values()].filter((show) => show.isOnAir);
  }

  /** @throws Refusal when the bot has something else to do in this guild, or nothing begins any more */
  assertFree(guildId: string): void {
    this.#seats.assertFree(guildId);
  }

  /**
   * @param hostUserId who asked for it
   * @throws Refusal when the guild is on air already, the channel cannot be joined, or `stop` came before the beginning;
   *   RestError, EndedError when the relay refuses
   */
  async start(
    channel: VoiceBasedChannel,
    description: PodcastDescription,
    hostUserId: string,
  ): Promise<Broadcast> {
    return await this.#begin({ channel, description, hostUserId });
  }

  /**
   * Goes on with a show that a restart interrupted. The bot is on its way into the channel then, and comes back to it as
   * from any trouble.
   * @param back with the host of its podcast, which is on air again
   * @throws Refusal when the bot has got something else to do in this guild. Nothing is on air then
   */
  async takeUp(
    channel: VoiceBasedChannel,
    show: StoredShow,
    back: Return & { readonly host: PodcastHost },
  ): Promise<Broadcast> {
    const { host } = back;
    const { hostUserId, startedAtMs, previousNickname, previousStatus, panelMessageId } = show;
    const earlier = { startedAtMs, nickname: previousNickname, status: previousStatus, panelMessageId };
    try {
      return await this.#begin({ channel, description: host.podcast, hostUserId, ...back, earlier });
    } catch (error) {
      // The seat is taken, or everything is being closed: then the next start goes on with it.
      await host.suspend();
      throw error;
    }
  }

  async #begin(
    show: Pick<BroadcastOptions, 'channel' | 'description' | 'hostUserId' | 'host' | 'earlier'> &
      Partial<Return>,
  ): Promise<Broadcast> {
    const { guildId, id: channel } = show.channel;
    this.#seats.assertFree(guildId, show.seat);
    const broadcast: Broadcast = new Broadcast({
      ...this.#options,
      ...show,
      listenerPoll: this.#listenerPoll,
      onChanged: () => this.#keep(broadcast),
      onEnded: (why) => this.#ended(broadcast, why),
    });
    this.#seats.take(guildId, broadcast, show.seat);
    this.#shows.set(guildId, broadcast);
    try {
      await broadcast.begin();
    } catch (error) {
      this.#forget(broadcast);
      this.#write((shows) => shows.forget(guildId));
      throw error;
    }
    const { id: podcast } = broadcast.podcast;
    this.#options.log.info({ podcast, guild: guildId, channel }, show.host ? 'on air again' : 'on air');
    return broadcast;
  }

  /** Ends a guild's show, or keeps one that is about to begin from beginning. False when there is none. */
  async stop(guildId: string, why: Text): Promise<boolean> {
    const broadcast = this.#shows.get(guildId);
    await broadcast?.stop(why);
    return broadcast !== undefined;
  }

  #keep(broadcast: Broadcast): void {
    if (!broadcast.isOnAir) return;
    const { channel, podcast, hostUserId, startedAtMs, signs } = broadcast;
    const { nickname, status, panelMessageId } = signs.earlier;
    this.#write((shows) =>
      shows.save({
        guildId: channel.guildId,
        channelId: channel.id,
        podcastId: podcast.id,
        hostUserId,
        panelMessageId,
        previousNickname: nickname,
        previousStatus: status,
        startedAtMs,
      }),
    );
  }

  /** A show whose row cannot be written is on air all the same; it only does not go on after a restart. */
  #write(act: (shows: Pick<ShowTable, 'save' | 'forget'>) => void): void {
    const { shows, log } = this.#options;
    if (!shows) return;
    try {
      act(shows);
    } catch (error) {
      log.error({ err: error }, 'cannot write down what is on air');
    }
  }

  #ended(broadcast: Broadcast, text: Text): void {
    this.#forget(broadcast);
    this.#write((shows) => shows.forget(broadcast.channel.guildId));
    const { podcast, startedAtMs } = broadcast;
    const { frames, drops } = broadcast.status();
    const why = text(english);
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    this.#options.log.info({ podcast: podcast.id, why, seconds, frames, drops }, 'off air');
  }

  #forget(broadcast: Broadcast): void {
    const { guildId } = broadcast.channel;
    this.#seats.release(guildId, broadcast);
    if (this.#shows.get(guildId) === broadcast) this.#shows.delete(guildId);
  }
}
