/** What a restart interrupted: a show or an audience, as the store has it, and how it goes on or ends. */
import type { Client, Guild, VoiceBasedChannel } from 'discord.js';
import { type PodcastHost, hostPodcast } from '../client/podcast-host.ts';
import { EndedError } from '../client/relay-socket.ts';
import { type Account, RestError, deletePodcast } from '../client/rest-client.ts';
import type { RestErrorCode } from '../protocol/rest.ts';
import type { Text } from '../texts/catalogue.ts';
import { catalogueFor } from '../texts/languages.ts';
import type { Audiences } from './audience/audiences.ts';
import type { Broadcasts } from './broadcast/broadcasts.ts';
import type { Return } from './guild-seats.ts';
import { takeOffEarlierMarks } from './marker/on-air-marker.ts';
import type { VoiceStatuses } from './marker/voice-statuses.ts';
import { lostPanel } from './panel/panel-view.ts';
import type { StoredAudience } from './store/audience-table.ts';
import type { BotStore } from './store/bot-store.ts';
import type { StoredShow } from './store/show-table.ts';
import { type Patience, wait } from './waiting.ts';

/** All shows or all audiences, as far as what comes back is concerned. */
interface Stage<All extends Broadcasts | Audiences> {
  of(guildId: string): unknown;
  takeUp(...args: Parameters<All['takeUp']>): Promise<unknown>;
}

export interface InterruptedOptions extends Patience {
  readonly client: Pick<Client, 'guilds' | 'on' | 'off'>;
  readonly broadcasts: Pick<Broadcasts, 'hostOf'> & Stage<Broadcasts>;
  readonly audiences: Stage<Audiences>;
  readonly store: Pick<BotStore, 'shows' | 'audiences'>;
  readonly statuses: VoiceStatuses;
  readonly relay: string;
  readonly account: Account;
}

/** Something that was there before a restart. */
export interface Interrupted {
  readonly row: StoredShow | StoredAudience;
  readonly purpose: 'broadcast' | 'play';
  /** For somebody who wants the seat before it is taken again. */
  readonly occupation: Text;
  /** Does what must not wait until the bot comes into its channel. Rejects when it cannot go on. */
  prepare?(): Promise<void>;
  /** Rejects when it cannot go on. */
  takeUp(channel: VoiceBasedChannel, back: Return): Promise<unknown>;
  /** It does not go on: its row is gone. */
  forget(): void;
  /** Ends what waits for it at the relay. May reject. */
  end?(): Promise<void>;
  /** Clears away what is left of it in its guild. May reject. */
  clearAway(why: Text): Promise<unknown>;
}

/** Faults that pass: of a relay that is only starting, or that has been asked too often in a minute. */
const PASSING: readonly (RestErrorCode | 'unreachable')[] = ['unreachable', 'rate_limited', 'not_ready'];
const TRY_AGAIN_MS = 5000;
const TRIES = 12;

export class InterruptedShow implements Interrupted {
  readonly row: StoredShow;
  readonly purpose = 'broadcast';
  readonly occupation: Text;
  readonly #options: InterruptedOptions;
  #host: PodcastHost | undefined;
  #ended: EndedError | undefined;
  readonly #leave = (): void => void this.#host?.suspend();

  constructor(options: InterruptedOptions, row: StoredShow) {
    this.#options = options;
    this.row = row;
    this.occupation = ({ show }) => show.aboutToBegin({ channel: `<#${row.channelId}>` });
  }

  /** The relay keeps a podcast without its host for a minute only. */
  async prepare(): Promise<void> {
    const { relay, account, signal } = this.#options;
    const { podcastId } = this.row;
    const host = await untilPassed(() => hostPodcast({ relay, account, podcastId }), this.#options);
    this.#host = host;
    host.once('ended', (ending) => (this.#ended = new EndedError(ending)));
    if (signal.aborted) await host.suspend();
    signal.throwIfAborted();
    signal.addEventListener('abort', this.#leave);
  }

  async takeUp(channel: VoiceBasedChannel, back: Return): Promise<void> {
    if (this.#ended) throw this.#ended;
    if (!this.#host) throw new Error('it has no host yet');
    this.#options.signal.removeEventListener('abort', this.#leave);
    await this.#options.broadcasts.takeUp(channel, this.row, { ...back, host: this.#host });
  }

  /** Not the row of a show that has begun since. */
  forget(): void {
    const { broadcasts, store } = this.#options;
    if (!broadcasts.of(this.row.guildId)) store.shows.forget(this.row.guildId);
  }

  /** A podcast that waits for its host keeps its listeners waiting. One that is over already cannot be ended. */
  async end(): Promise<void> {
    const { relay, account, signal } = this.#options;
    signal.removeEventListener('abort', this.#leave);
    await this.#host?.suspend();
    await deletePodcast(relay, this.row.podcastId, account);
  }

  /** The channel is told, its marks come off, and the panel is closed: unless they are another show's by now. */
  async clearAway(why: Text): Promise<void> {
    const { client, broadcasts, statuses } = this.#options;
    const { guildId, panelMessageId, previousNickname: nickname, previousStatus: status } = this.row;
    const { guild, channel } = placeOf(client, this.row);
    if (!guild || broadcasts.hostOf(guildId) !== undefined) return;
    const panel = lostPanel(why(catalogueFor(guild.preferredLocale)));
    await Promise.allSettled([
      takeOffEarlierMarks(guild, channel, { nickname, status }, statuses),
      channel && panelMessageId !== null ? channel.messages.edit(panelMessageId, panel) : Promise.resolve(),
      tell(channel, why),
    ]);
  }
}

export class InterruptedAudience implements Interrupted {
  readonly row: StoredAudience;
  readonly purpose = 'play';
  readonly occupation: Text;
  readonly #options: InterruptedOptions;

  constructor(options: InterruptedOptions, row: StoredAudience) {
    this.#options = options;
    this.row = row;
    this.occupation = ({ audience }) => audience.aboutToPlay({ channel: `<#${row.channelId}>` });
  }

  async takeUp(channel: VoiceBasedChannel, back: Return): Promise<void> {
    const { audiences } = this.#options;
    await untilPassed(() => audiences.takeUp(channel, this.row, back), this.#options);
  }

  /** Not the row of what plays there since. */
  forget(): void {
    const { audiences, store } = this.#options;
    if (!audiences.of(this.row.guildId)) store.audiences.forget(this.row.guildId);
  }

  async clearAway(why: Text): Promise<void> {
    await tell(placeOf(this.#options.client, this.row).channel, why);
  }
}

async function untilPassed<Done>(act: () => Promise<Done>, patience: Patience): Promise<Done> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      const isPassing = error instanceof RestError && PASSING.includes(error.code);
      if (!isPassing || tries === TRIES) throw error;
    }
    await wait(TRY_AGAIN_MS, patience);
  }
}

async function tell(channel: VoiceBasedChannel | undefined, text: Text): Promise<void> {
  await channel?.send(text(catalogueFor(channel.guild.preferredLocale)));
}

interface Place {
  readonly guild: Guild | undefined;
  readonly channel: VoiceBasedChannel | undefined;
}

function placeOf(
  { guilds }: Pick<Client, 'guilds'>,
  { guildId, channelId }: StoredShow | StoredAudience,
): Place {
  const guild = guilds.cache.get(guildId);
  const channel = guild?.channels.cache.get(channelId);
  return { guild, channel: channel?.isVoiceBased() ? channel : undefined };
}
