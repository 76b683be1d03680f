/** A guild ("server"): its roles, channels and members, and what of that the bot is told. */
import { AuditLog } from './audit-log.ts';
import { BotVoice } from './bot-voice.ts';
import { Channel, type ChannelOptions } from './channel.ts';
import { intents, type GatewayEvent } from './gateway-session.ts';
import type { Json, JsonObject } from './json.ts';
import {
  bitsOf,
  guildPermissions,
  invitedBotPermissions,
  ordinaryPermissions,
  type PermissionHolder,
  type PermissionName,
} from './permissions.ts';
import { Person, type PersonOptions } from './person.ts';
import { StageChannel } from './stage-channel.ts';
import { VoiceChannel, type VoiceChannelOptions } from './voice-channel.ts';
import { VoiceStates, voiceStatePayload, type VoiceState } from './voice-states.ts';
import { userPayload, type World } from './world.ts';

export interface GuildOptions {
  /** What the bot's role allows; by default what the smallest invitation asks for. */
  readonly botPermissions?: readonly PermissionName[];
  /** The guild's preferred language, as Discord writes it (`en-US`, `de`, `ja` …); en-US by default. */
  readonly locale?: string;
}

interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
}

export class Guild {
  readonly id: string;
  readonly name: string;
  /** The guild's preferred language. */
  readonly locale: string;
  readonly world: World;
  readonly voiceStates: VoiceStates;
  readonly auditLog: AuditLog;
  readonly botVoice: BotVoice;
  #botNickname: string | null = null;
  #isDown = false;
  readonly #ownerId: string;
  readonly #everyone: Role;
  readonly #people: Role;
  readonly #botRole: Role;
  readonly #ownRoles = new Map<string, Role>();
  readonly #channels = new Map<string, Channel>();
  readonly #persons = new Map<string, Person>();
  readonly #foundedAt = new Date().toISOString();

  constructor(world: World, name: string, options: GuildOptions = {}) {
    const { botPermissions = invitedBotPermissions, locale = 'en-US' } = options;
    this.world = world;
    this.name = name;
    this.locale = locale;
    this.id = world.snowflakes.next();
    this.#ownerId = world.snowflakes.next();
    // Everything is granted by the other roles, so that the bot has exactly what its own role says.
    this.#everyone = { id: this.id, name: '@everyone', permissions: 0n };
    this.#people = this.#role('People', ordinaryPermissions);
    this.#botRole = this.#role(world.bot.name, botPermissions);
    this.voiceStates = new VoiceStates((state) => this.#announceVoiceState(state));
    this.auditLog = new AuditLog(() => world.snowflakes.next());
    this.botVoice = new BotVoice(this);
  }

  addTextChannel(name: string, options: ChannelOptions = {}): Channel {
    return this.#addChannel(new Channel(this, 'text', name, options));
  }

  addVoiceChannel(name: string, options: VoiceChannelOptions = {}): VoiceChannel {
    return this.#addChannel(new VoiceChannel(this, 'voice', name, options));
  }

  addStageChannel(name: string, options: VoiceChannelOptions = {}): StageChannel {
    return this.#addChannel(new StageChannel(this, name, options));
  }

  /** Adds a member with what an ordinary person may do, and what the options add to it. */
  addPerson(name: string, options: PersonOptions = {}): Person {
    const person = new Person(this, name, options);
    this.#persons.set(person.id, person);
    if (options.permissions) {
      const role = this.#role(name, options.permissions);
      this.#ownRoles.set(person.id, role);
      this.tell('GUILD_ROLE_CREATE', { guild_id: this.id, role: rolePayload(role) });
    }
    return person;
  }

  /** The person leaves the guild, and its calls. */
  removePerson(person: Person): void {
    person.leave();
    this.#persons.delete(person.id);
    this.#ownRoles.delete(person.id);
  }

  /** Gives the bot's role exactly these permissions from now on. */
  setBotPermissions(permissions: readonly PermissionName[]): void {
    this.#botRole.permissions = bitsOf(permissions);
    this.tell('GUILD_ROLE_UPDATE', { guild_id: this.id, role: rolePayload(this.#botRole) });
  }

  /** The bot's nickname here; null for none. */
  get botNickname(): string | null {
    return this.#botNickname;
  }

  /** Changes the bot's nickname, as a moderator does, and tells the bot; null or nothing takes it away. */
  renameBot(nickname: string | null): void {
    this.#botNickname = nickname === '' ? null : nickname;
    const member = this.memberPayload(this.world.bot.id);
    // A bot is told of changes to itself whatever its intents are.
    this.tell('GUILD_MEMBER_UPDATE', { ...member, guild_id: this.id }, intents.always);
  }

  /** Moves the guild's calls to another voice server, as Discord does when one goes down. */
  async moveVoiceServer(): Promise<void> {
    this.botVoice.moveServer(await this.world.startVoiceServer());
  }

  /** The bot is thrown out of the guild. */
  removeBot(): void {
    this.botVoice.leave();
    this.tell('GUILD_DELETE', { id: this.id });
  }

  /** An outage: the bot is told that the guild is not available, and nothing else of it until it has come back. */
  goDown(): void {
    this.#isDown = true;
    this.botVoice.leave();
    this.tell('GUILD_DELETE', { id: this.id, unavailable: true });
  }

  /** The outage is over. */
  comeBack(): void {
    this.#isDown = false;
    this.tell('GUILD_CREATE', this.payload);
  }

  /** Deletes a channel: see Channel.delete. */
  removeChannel(channel: Channel): void {
    if (channel.isDeleted) return;
    this.tell('CHANNEL_DELETE', { ...channel.payload, guild_id: this.id });
    for (const person of this.#persons.values()) if (person.channel === channel) person.leave();
    if (this.botVoice.channel === channel) this.botVoice.leave();
    this.#channels.delete(channel.id);
    this.world.messages.forget(channel.id);
    this.world.interactions.forgetMessages(channel.id);
  }

  channel(id: string): Channel | undefined {
    return this.#channels.get(id);
  }

  voiceChannel(id: string): VoiceChannel | undefined {
    const channel = this.#channels.get(id);
    return channel instanceof VoiceChannel ? channel : undefined;
  }

  person(id: string): Person | undefined {
    return this.#persons.get(id);
  }

  /** The role that every person has. */
  get peopleRoleId(): string {
    return this.#people.id;
  }

  permissionHolder(userId: string): PermissionHolder {
    return { userId, roles: [this.#everyone, ...this.#rolesOf(userId)] };
  }

  /** What a member may do in the guild at large, as bits. */
  permissionsOf(userId: string): bigint {
    return guildPermissions(this.permissionHolder(userId));
  }

  /** A member as Discord's API shows one. */
  memberPayload(userId: string): JsonObject {
    const { bot } = this.world;
    const isBot = userId === bot.id;
    const person = this.#persons.get(userId);
    const name = isBot ? bot.name : (person?.name ?? 'Nobody');
    return {
      user: userPayload(userId, name, isBot),
      nick: isBot ? this.#botNickname : (person?.nickname ?? null),
      avatar: null,
      roles: this.#rolesOf(userId).map((role) => role.id),
      joined_at: this.#foundedAt,
      premium_since: null,
      deaf: false,
      mute: false,
      flags: 0,
      pending: false,
    };
  }

  /** The guild as GUILD_CREATE shows it: in an outage that there is one. */
  get payload(): JsonObject {
    if (this.#isDown) return { id: this.id, unavailable: true };
    const members = [this.world.bot.id, ...this.#persons.keys()];
    const roles = [this.#everyone, this.#people, this.#botRole, ...this.#ownRoles.values()];
    return {
      id: this.id,
      name: this.name,
      owner_id: this.#ownerId,
      unavailable: false,
      joined_at: this.#foundedAt,
      member_count: members.length,
      preferred_locale: this.locale,
      roles: roles.map(rolePayload),
      channels: [...this.#channels.values()].map((channel) => channel.payload),
      members: members.map((id) => this.memberPayload(id)),
      voice_states: this.voiceStates.all.map(voiceStatePayload),
      emojis: [],
      features: [],
      guild_scheduled_events: [],
      presences: [],
      stage_instances: [],
      stickers: [],
      threads: [],
    };
  }

  /** The voice channels' statuses, as the answer to op 43; when calls began is not told. */
  get channelInfo(): GatewayEvent {
    const channels = [...this.#channels.values()].flatMap((channel) =>
      channel instanceof VoiceChannel && channel.status !== ''
        ? [{ id: channel.id, status: channel.status }]
        : [],
    );
    const data = { guild_id: this.id, channels };
    return { name: 'CHANNEL_INFO', data, guildId: this.id, intent: intents.always };
  }

  /** Tells the bot something about this guild. */
  tell(name: string, data: Json, intent: number = intents.guilds): void {
    const event: GatewayEvent = { name, data, guildId: this.id, intent };
    this.world.tell(event);
  }

  /** Ends every call and everybody's speech. */
  close(): void {
    for (const person of this.#persons.values()) person.leave();
    for (const channel of this.#channels.values()) if (channel instanceof VoiceChannel) channel.call.close();
  }

  #addChannel<Kind extends Channel>(channel: Kind): Kind {
    this.#channels.set(channel.id, channel);
    this.tell('CHANNEL_CREATE', { ...channel.payload, guild_id: this.id });
    return channel;
  }

  #role(name: string, permissions: readonly PermissionName[]): Role {
    return { id: this.world.snowflakes.next(), name, permissions: bitsOf(permissions) };
  }

  #rolesOf(userId: string): Role[] {
    if (userId === this.world.bot.id) return [this.#botRole];
    const own = this.#ownRoles.get(userId);
    return own ? [this.#people, own] : [this.#people];
  }

  #announceVoiceState(state: VoiceState): void {
    const data = { ...voiceStatePayload(state), guild_id: this.id, member: this.memberPayload(state.userId) };
    // A bot is told of its own voice state whatever its intents are.
    const isOwn = state.userId === this.world.bot.id;
    this.tell('VOICE_STATE_UPDATE', data, isOwn ? intents.always : intents.guildVoiceStates);
  }
}

function rolePayload({ id, name, permissions }: Role): JsonObject {
  return {
    id,
    name,
    permissions: String(permissions),
    position: 0,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: false,
    mentionable: false,
    flags: 0,
  };
}
