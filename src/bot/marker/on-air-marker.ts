/** Shows that a channel is on air before anybody joins it: by the channel's status, and by the bot's own nickname. */
import {
  type Guild,
  type GuildMember,
  PermissionFlagsBits,
  Routes,
  type VoiceBasedChannel,
  channelMention,
} from 'discord.js';
import type { Text } from '../../texts/catalogue.ts';
import { CATALOGUES } from '../../texts/languages.ts';
import { isStage } from '../permissions.ts';
import { markedNickname, unmarkedNickname } from './marked-nickname.ts';
import type { VoiceStatuses } from './voice-statuses.ts';

/** What is put back when the show is over. */
export interface Unmarked {
  /** Null when the bot had none. */
  readonly nickname: string | null;
  /** Empty when the channel had none; null when Discord had not told it. */
  readonly status: string | null;
}

export interface MarkerOptions {
  readonly channel: VoiceBasedChannel;
  readonly statuses: VoiceStatuses;
  /** The channel's status while it is on air; at most 500 characters. */
  readonly status: string;
  /** Of a show that goes on after a restart: what there was before it began. */
  readonly before?: Unmarked | undefined;
  /** A mark could not be set or taken off; the sentence says which. */
  readonly onTrouble: (why: string) => void;
}

/** Why neither mark can be shown in this channel, as a sentence; undefined when one of them can. */
export function reasonNotToMark(channel: VoiceBasedChannel, me: GuildMember): Text | undefined {
  if (mayRename(me) || maySetStatus(channel, me)) return undefined;
  const where = isStage(channel) ? undefined : channelMention(channel.id);
  return ({ show }) => show.mayNotMark({ channel: where });
}

export class OnAirMarker {
  #before: Unmarked;
  readonly #options: MarkerOptions;
  readonly #nickname: string;
  /** Which marks were asked for, be it by an earlier run, and have not been refused. */
  readonly #asked = { status: false, nickname: false };
  /** This run has set the status, as far as is known. */
  #hasSetStatus = false;

  constructor(options: MarkerOptions) {
    const { channel, statuses } = options;
    const me = channel.guild.members.me;
    const told = statuses.of(channel.id);
    this.#options = options;
    if (options.before && me) {
      this.#asked.status = maySetStatus(channel, me);
      this.#asked.nickname = mayRename(me);
    }
    this.#nickname = markedNickname(me?.displayName ?? channel.client.user.username);
    const nickname = me?.nickname ?? null;
    const unmarked = unmarkedNickname(nickname, channel.client.user.username);
    this.#before = options.before ?? { nickname: unmarked, status: statusBefore(told) };
    // Without the mark it is what somebody called the bot while the earlier run was on air, or while none was.
    if (options.before && nickname === unmarked) this.#before = { ...options.before, nickname };
  }

  /** What is put back when the show is over. */
  get before(): Unmarked {
    return this.#before;
  }

  /**
   * Asks Discord for whatever mark the bot may set; never rejects, however long it takes.
   * @returns whether at least one of them is there
   */
  async show(): Promise<boolean> {
    const { channel, status, statuses } = this.#options;
    const { me } = channel.guild.members;
    if (!me) return false;
    const isStatusFree = await this.#isStatusFree();
    this.#asked.nickname = mayRename(me);
    this.#asked.status = maySetStatus(channel, me) && isStatusFree;
    let [hasStatus, hasNickname] = await Promise.all([
      this.#asked.status && this.#setStatus(status),
      this.#asked.nickname && this.#rename(this.#nickname),
    ]);
    if (!hasNickname && !this.#asked.status && maySetStatus(channel, me)) {
      // People must see it: then rather over what somebody wrote there, for as long as the show lasts.
      this.#asked.status = true;
      this.#before = { ...this.#before, status: statusBefore(statuses.of(channel.id)) };
      hasStatus = await this.#setStatus(status);
    }
    if (!hasStatus) this.#asked.status = false;
    if (!hasNickname) this.#asked.nickname = false;
    return hasStatus || hasNickname;
  }

  /** Puts back what there was, except where somebody else has changed it meanwhile. Never rejects. */
  async remove(): Promise<void> {
    const asked = { ...this.#asked };
    this.#asked.status = false;
    this.#asked.nickname = false;
    await Promise.all([
      asked.status && this.#isStatusOurs() && this.#setStatus(this.before.status ?? ''),
      asked.nickname && this.#isNicknameOurs() && this.#rename(this.before.nickname),
    ]);
  }

  /** After a restart a status may be what somebody wrote in the middle of the show: only one that is known not to be is written over. */
  async #isStatusFree(): Promise<boolean> {
    const { channel, statuses, before } = this.#options;
    if (!before) return true;
    if (!isStage(channel)) await statuses.learn(channel);
    const told = statuses.of(channel.id);
    return told === '' || (told !== undefined && isOnAirStatus(told)) || told === before.status;
  }

  /** The gateway tells of our own change a moment later, so what was before it counts as ours, too. */
  #isStatusOurs(): boolean {
    const { channel, statuses } = this.#options;
    const told = statuses.of(channel.id);
    if (told === undefined) return this.#hasSetStatus;
    return isOnAirStatus(told) || told === this.before.status;
  }

  #isNicknameOurs(): boolean {
    const nickname = this.#options.channel.guild.members.me?.nickname ?? null;
    return nickname === this.#nickname || nickname === this.before.nickname;
  }

  async #setStatus(status: string): Promise<boolean> {
    const { client, id } = this.#options.channel;
    this.#hasSetStatus = true;
    return await this.#attempt('status', () =>
      client.rest.put(`${Routes.channel(id)}/voice-status`, { body: { status } }),
    );
  }

  async #rename(nick: string | null): Promise<boolean> {
    const { client, guildId } = this.#options.channel;
    return await this.#attempt('nickname', () =>
      client.rest.patch(Routes.guildMember(guildId, '@me'), { body: { nick } }),
    );
  }

  async #attempt(mark: string, act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#options.onTrouble(`${mark}: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }
}

/**
 * Puts back what there was before a show that an earlier run of this program left on air, and that does not go on. Never
 * rejects. The nickname where it still has the mark; the status as far as Discord lets somebody outside change it.
 * @param channel undefined when it is gone
 * @param statuses by which a status is known to be the earlier run's
 */
export async function takeOffEarlierMarks(
  guild: Guild,
  channel: VoiceBasedChannel | undefined,
  before: Unmarked,
  statuses: VoiceStatuses,
): Promise<void> {
  const { client, members } = guild;
  const { me } = members;
  if (!me) return;
  const requests: Promise<unknown>[] = [];
  if (mayRename(me) && unmarkedNickname(me.nickname, client.user.username) !== me.nickname) {
    requests.push(
      client.rest.patch(Routes.guildMember(guild.id, '@me'), { body: { nick: before.nickname } }),
    );
  }
  if (channel && maySetStatus(channel, me)) await statuses.learn(channel);
  if (channel && maySetStatus(channel, me) && isOnAirStatus(statuses.of(channel.id) ?? '')) {
    const body = { status: before.status ?? '' };
    requests.push(client.rest.put(`${Routes.channel(channel.id)}/voice-status`, { body }));
  }
  await Promise.allSettled(requests);
}

/** Of whatever show, in whatever language: an earlier run of this program may have left it there. */
function isOnAirStatus(status: string): boolean {
  return Object.values(CATALOGUES).some(({ onAir }) => status.startsWith(onAir.status('').trimEnd()));
}

function statusBefore(told: string | undefined): string | null {
  if (told === undefined) return null;
  return isOnAirStatus(told) ? '' : told;
}

function mayRename(me: GuildMember): boolean {
  return me.permissions.has(PermissionFlagsBits.ChangeNickname);
}

/** A stage shows its topic in place of a status. */
function maySetStatus(channel: VoiceBasedChannel, me: GuildMember): boolean {
  return !isStage(channel) && channel.permissionsFor(me).has(PermissionFlagsBits.SetVoiceChannelStatus);
}
