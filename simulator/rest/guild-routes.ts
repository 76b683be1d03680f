/** Guilds as the bot may ask about and change them: channels, its nickname, its voice state, the audit log. */
import type { Channel } from '../channel.ts';
import type { Guild } from '../guild.ts';
import { asObject } from '../json.ts';
import { holds, type PermissionName } from '../permissions.ts';
import { longestStatus, VoiceChannel } from '../voice-channel.ts';
import type { World } from '../world.ts';
import {
  failure,
  missingPermissions,
  noContent,
  queryNumber,
  unknownChannel,
  unknownGuild,
  type RestAnswer,
  type RestRequest,
  type RestRoute,
} from './rest-server.ts';

const nicknameLimit = 32;
const auditLogCount = 50;
const wrongChannelType = failure(400, 50_024, 'Cannot execute action on this channel type');
const unknownVoiceState = failure(404, 10_065, 'Unknown Voice State');
const unknownMember = failure(404, 10_007, 'Unknown Member');
const invalidForm = failure(400, 50_035, 'Invalid Form Body');

export function guildRoutes(world: World, guilds: ReadonlyMap<string, Guild>): readonly RestRoute[] {
  const inGuild = (request: RestRequest, act: (guild: Guild) => RestAnswer): RestAnswer => {
    const guild = guilds.get(request.params[0] ?? '');
    return guild ? act(guild) : unknownGuild;
  };
  return [
    {
      method: 'GET',
      path: /^\/guilds\/(\d+)$/u,
      handle: (request) => inGuild(request, (guild) => ({ status: 200, body: guild.payload })),
    },
    {
      method: 'GET',
      path: /^\/guilds\/(\d+)\/members\/(\d+)$/u,
      handle: (request) =>
        inGuild(request, (guild) => {
          const userId = request.params[1] ?? '';
          const isMember = userId === world.bot.id || guild.person(userId) !== undefined;
          return isMember ? { status: 200, body: guild.memberPayload(userId) } : unknownMember;
        }),
    },
    {
      method: 'PATCH',
      path: /^\/guilds\/(\d+)\/members\/@me$/u,
      handle: (request) => inGuild(request, (guild) => changeNickname(world, guild, request)),
    },
    {
      method: 'PATCH',
      path: /^\/guilds\/(\d+)\/voice-states\/@me$/u,
      handle: (request) => inGuild(request, (guild) => changeVoiceState(world, guild, request)),
    },
    {
      method: 'GET',
      path: /^\/guilds\/(\d+)\/audit-logs$/u,
      handle: (request) => inGuild(request, (guild) => readAuditLog(world, guild, request)),
    },
  ];
}

/** @param findChannel the channel with this id, of whatever guild */
export function channelRoutes(
  world: World,
  findChannel: (id: string) => Channel | undefined,
): readonly RestRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/channels\/(\d+)$/u,
      handle: ({ params: [id = ''] }) => {
        const channel = findChannel(id);
        return channel
          ? { status: 200, body: { ...channel.payload, guild_id: channel.guild.id } }
          : unknownChannel;
      },
    },
    {
      method: 'PUT',
      path: /^\/channels\/(\d+)\/voice-status$/u,
      handle: ({ params: [id = ''], body }) => {
        const channel = findChannel(id);
        if (!channel) return unknownChannel;
        if (!(channel instanceof VoiceChannel) || channel.kind === 'stage') return wrongChannelType;
        if (!channel.maySetStatus(world.bot.id)) return missingPermissions;
        const status = asObject(body)['status'] ?? '';
        if (typeof status !== 'string' || status.length > longestStatus) return invalidForm;
        channel.setStatus(status);
        return noContent;
      },
    },
  ];
}

function changeNickname(world: World, guild: Guild, { body }: RestRequest): RestAnswer {
  if (!holds(guild.permissionsOf(world.bot.id), 'ChangeNickname')) return missingPermissions;
  const { nick } = asObject(body);
  if (typeof nick === 'string' && nick.length > nicknameLimit) return invalidForm;
  if (typeof nick === 'string' || nick === null) guild.renameBot(nick);
  return { status: 200, body: guild.memberPayload(world.bot.id) };
}

/** On a stage: to come down is free, to go up takes MuteMembers, to raise a hand RequestToSpeak. */
function changeVoiceState(world: World, guild: Guild, { body }: RestRequest): RestAnswer {
  const { channel } = guild.botVoice;
  if (!channel) return unknownVoiceState;
  const wish = asObject(body);
  const may = (name: PermissionName): boolean => holds(channel.permissionsOf(world.bot.id), name);
  const { suppress } = wish;
  const requestToSpeakAt = wish['request_to_speak_timestamp'];
  if (suppress === false && !may('MuteMembers')) return missingPermissions;
  if (typeof requestToSpeakAt === 'string' && !may('RequestToSpeak')) return missingPermissions;
  guild.voiceStates.change(world.bot.id, {
    ...(typeof suppress === 'boolean' ? { suppress } : {}),
    ...(typeof requestToSpeakAt === 'string' || requestToSpeakAt === null ? { requestToSpeakAt } : {}),
  });
  return noContent;
}

function readAuditLog(world: World, guild: Guild, { query }: RestRequest): RestAnswer {
  if (!holds(guild.permissionsOf(world.bot.id), 'ViewAuditLog')) return missingPermissions;
  const count = queryNumber(query, 'limit') ?? auditLogCount;
  return {
    status: 200,
    body: {
      audit_log_entries: guild.auditLog.entries(queryNumber(query, 'action_type'), count),
      users: [],
      threads: [],
      webhooks: [],
      integrations: [],
      application_commands: [],
      guild_scheduled_events: [],
      auto_moderation_rules: [],
    },
  };
}
