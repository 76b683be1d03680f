/** What every channel of a guild has: a name, a place, and overwrites that bend the members' permissions. */
import { intents } from './gateway-session.ts';
import type { Guild } from './guild.ts';
import type { JsonObject } from './json.ts';
import type { Message } from './messages.ts';
import { bitsOf, channelPermissions, type Overwrite, type PermissionName } from './permissions.ts';

export type ChannelKind = 'text' | 'voice' | 'stage';

const channelTypes: Readonly<Record<ChannelKind, number>> = { text: 0, voice: 2, stage: 13 };

export interface ChannelOptions {
  /** Permissions that the bot is denied here. */
  readonly denyBot?: readonly PermissionName[];
  /** Permissions that ordinary people are denied here. */
  readonly denyPeople?: readonly PermissionName[];
}

export class Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly guild: Guild;
  #deniedToBot: readonly PermissionName[];
  #deniedToPeople: readonly PermissionName[];

  constructor(guild: Guild, kind: ChannelKind, name: string, options: ChannelOptions = {}) {
    this.id = guild.world.snowflakes.next();
    this.guild = guild;
    this.kind = kind;
    this.name = name;
    this.#deniedToBot = options.denyBot ?? [];
    this.#deniedToPeople = options.denyPeople ?? [];
  }

  /** Whether there is no such channel any more. */
  get isDeleted(): boolean {
    return this.guild.channel(this.id) !== this;
  }

  /** Deletes the channel: its messages are gone, and whoever was in its call is thrown out of it. */
  delete(): void {
    this.guild.removeChannel(this);
  }

  /** Deletes a message that stands here, whoever wrote it. Bots are told of it who have the intent. */
  deleteMessage(message: Message): void {
    const { world } = this.guild;
    world.messages.delete(message);
    const data = { id: message.id, channel_id: this.id, guild_id: this.guild.id };
    this.guild.tell('MESSAGE_DELETE', data, intents.guildMessages);
  }

  /** Denies the bot exactly these permissions here from now on; none lifts every denial. */
  denyBot(permissions: readonly PermissionName[]): void {
    this.#deniedToBot = permissions;
    this.tellUpdate();
  }

  /** Denies ordinary people exactly these permissions here from now on. */
  denyPeople(permissions: readonly PermissionName[]): void {
    this.#deniedToPeople = permissions;
    this.tellUpdate();
  }

  /** What a member may do here, as bits. */
  permissionsOf(userId: string): bigint {
    return channelPermissions(this.guild.permissionHolder(userId), this.#overwrites());
  }

  /** The channel as Discord's API shows it. */
  get payload(): JsonObject {
    return {
      id: this.id,
      type: channelTypes[this.kind],
      name: this.name,
      position: 0,
      parent_id: null,
      permission_overwrites: this.#overwrites().map(({ kind, id, allow, deny }) => ({
        id,
        type: kind === 'role' ? 0 : 1,
        allow: String(allow),
        deny: String(deny),
      })),
    };
  }

  #overwrites(): readonly Overwrite[] {
    const { world, peopleRoleId } = this.guild;
    const overwrites: readonly Overwrite[] = [
      { kind: 'member', id: world.bot.id, allow: 0n, deny: bitsOf(this.#deniedToBot) },
      { kind: 'role', id: peopleRoleId, allow: 0n, deny: bitsOf(this.#deniedToPeople) },
    ];
    return overwrites.filter((overwrite) => overwrite.deny !== 0n);
  }

  protected tellUpdate(): void {
    this.guild.tell('CHANNEL_UPDATE', { ...this.payload, guild_id: this.guild.id });
  }
}
