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
  /** What is put back when the show is over. */
  readonly before: Unmarked;
  readonly #options: MarkerOptions;
  readonly #nickname: string;
  /** Which marks were asked for, be it by an earlier run, and have not been refused. */
  readonly #asked = { status: false, nickname: false };

  constructor(options: MarkerOptions) {
    const { channel, statuses, status } = options;
    const me = channel.guild.members.me;
    const told = statuses.of(channel.id);
    this.#options = options;
    if (options.before && me) {
      this.#asked.status = maySetStatus(channel, me);
      this.#asked.nickname = mayRename(me);
    }
    this.#nickname = markedNickname(me?.displayName ?? channel.client.user.username);
    this.before = options.before ?? {
      nickname: unmarkedNickname(me?.nickname ?? null, channel.client.user.username),
      status: (told === status ? '' : told) ?? null,
    };
  }

  /**
   * Asks Discord for whatever mark the bot may set; never rejects, however long it takes.
   * @returns whether at least one of them is there
   */
  async show(): Promise<boolean> {
    const { channel, status } = this.#options;
    const { me } = channel.guild.members;
    if (!me) return false;
    this.#asked.status = maySetStatus(channel, me);
    this.#asked.nickname = mayRename(me);
    const [hasStatus, hasNickname] = await Promise.all([
      this.#asked.status && this.#setStatus(status),
      this.#asked.nickname && this.#rename(this.#nickname),
    ]);
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

  /** The gateway tells of our own change a moment later, so what was before it counts as ours, too. */
  #isStatusOurs(): boolean {
    const { channel, statuses, status } = this.#options;
    const told = statuses.of(channel.id);
    return told === undefined || told === status || told === this.before.status;
  }

  #isNicknameOurs(): boolean {
    const nickname = this.#options.channel.guild.members.me?.nickname ?? null;
    return nickname === this.#nickname || nickname === this.before.nickname;
  }

  async #setStatus(status: string): Promise<boolean> {
    const { client, id } = this.#options.channel;
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
 */
export async function takeOffEarlierMarks(
  guild: Guild,
  channel: VoiceBasedChannel | undefined,
  before: Unmarked,
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
  if (channel && maySetStatus(channel, me)) {
    const body = { status: before.status ?? '' };
    requests.push(client.rest.put(`${Routes.channel(channel.id)}/voice-status`, { body }));
  }
  await Promise.allSettled(requests);
}

function mayRename(me: GuildMember): boolean {
  return me.permissions.has(PermissionFlagsBits.ChangeNickname);
}

/** A stage shows its topic in place of a status. */
function maySetStatus(channel: VoiceBasedChannel, me: GuildMember): boolean {
  return !isStage(channel) && channel.permissionsFor(me).has(PermissionFlagsBits.SetVoiceChannelStatus);
}
