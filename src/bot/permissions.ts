/** What the bot asks of a guild: the invite link, and what is missing in a channel, in words. Computed from flags. */
import {
  ChannelType,
  type GuildMember,
  OAuth2Scopes,
  PermissionFlagsBits,
  PermissionsBitField,
  type VoiceBasedChannel,
  channelMention,
} from 'discord.js';
import { Refusal } from './refusal.ts';

/** What the invite asks for: to be in channels, to be heard there, and to show that a channel is on air. */
const INVITE_PERMISSIONS = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.EmbedLinks,
  PermissionFlagsBits.Connect,
  PermissionFlagsBits.Speak,
  PermissionFlagsBits.UseVAD,
  PermissionFlagsBits.ChangeNickname,
  PermissionFlagsBits.RequestToSpeak,
  PermissionFlagsBits.SetVoiceChannelStatus,
] as const;

/** The sum of the flags, as Discord's links carry it. */
export const INVITE_PERMISSION_BITS: bigint = new PermissionsBitField(INVITE_PERMISSIONS).bitfield;

/** The link with which somebody who manages a server adds the bot to it. */
export function inviteUrl(applicationId: string): string {
  const url = new URL('https://discord.com/oauth2/authorize');
  url.searchParams.set('client_id', applicationId);
  url.searchParams.set('scope', `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  url.searchParams.set('permissions', INVITE_PERMISSION_BITS.toString());
  return url.toString();
}

const NEEDED_TO_LISTEN = [
  [PermissionFlagsBits.ViewChannel, 'View Channel'],
  [PermissionFlagsBits.Connect, 'Connect'],
] as const;

/** Why the bot cannot come into this channel, as a sentence; undefined when it can. */
export function reasonNotToJoin(channel: VoiceBasedChannel, me: GuildMember): string | undefined {
  const permissions = channel.permissionsFor(me);
  const missing = NEEDED_TO_LISTEN.filter(([flag]) => !permissions.has(flag)).map(
    ([, name]) => `**${name}**`,
  );
  if (missing.length > 0) {
    const noun = missing.length > 1 ? 'permissions' : 'permission';
    return `I need the ${noun} ${missing.join(' and ')} in ${channelMention(channel.id)} to go on air there.`;
  }
  const mayEnterFull = permissions.has(PermissionFlagsBits.MoveMembers);
  const isFull = channel.userLimit > 0 && channel.members.size >= channel.userLimit;
  if (isFull && !channel.members.has(me.id) && !mayEnterFull) {
    return `${channelMention(channel.id)} is full: its limit is ${channel.userLimit} people. Raise the limit by one, or let somebody leave.`;
  }
  return undefined;
}

export function isStage(channel: VoiceBasedChannel): boolean {
  return channel.type === ChannelType.GuildStageVoice;
}

/** Whether somebody may direct what is on air in this guild. @param permissions the member's, where the command was typed */
export function mayDirect(permissions: PermissionsBitField): boolean {
  return permissions.has(PermissionFlagsBits.ManageEvents);
}

/** @param deed follows "to", such as "start a podcast". @throws Refusal for who may not direct */
export function assertMayDirect(permissions: PermissionsBitField, deed: string): void {
  if (!mayDirect(permissions)) {
    throw new Refusal(`You need the permission **Manage Events** to ${deed} here.`);
  }
}
